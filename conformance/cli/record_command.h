// `framespec record`: makes a recording of a conversation between a client and a service.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>

#include "recording/recording.h"

namespace framespec::conformance {

struct RecordCommand {
  std::string listen;
  std::string service;
  std::uint64_t connection = 1;
  RecordingSource source;
  std::string output;  ///< "-": standard output
  std::string title;   ///< empty: one that says where it comes from

  [[nodiscard]] bool is_proxy() const noexcept { return !listen.empty(); }
};

/// --stream, --capture and --flow: the same in every command that takes a conversation from files.
/// None of the first two is required. Gives back the option --stream, which excludes --capture.
CLI::Option* add_recording_source(CLI::App& app, RecordingSource& source);

CLI::App* add_record(CLI::App& app, RecordCommand& command);

/// Throws a CLI::ValidationError where the options do not say what is to be recorded.
void check_record(const RecordCommand& command);

/// Exit code: 0 recorded, 2 usage or a file that is none, 3 nothing recorded, or it could not work.
[[nodiscard]] int record(RecordCommand command);

}  // namespace framespec::conformance
