// `framespec record`: makes a recording of a conversation between a client and a service.
#pragma once

#include <CLI/CLI.hpp>
#include <array>
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
/// Gives back the first two, which exclude each other. None is required.
std::array<CLI::Option*, 2> add_conversation_files(CLI::App& app, std::string& stream,
                                                   std::string& capture, std::string& flow);

/// Tells the user a sentence on standard error.
void tell(const std::string& sentence);

void add_record(CLI::App& app, RecordCommand& command);

/// Throws a CLI::ValidationError where the options do not say what is to be recorded.
void check_record(const RecordCommand& command);

/// Exit code: 0 recorded, 2 usage or a file that is none, 3 nothing recorded, or it could not work.
[[nodiscard]] int record(RecordCommand command);

}  // namespace framespec::conformance
