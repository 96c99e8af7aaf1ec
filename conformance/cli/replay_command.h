// `framespec replay`: plays a replay file to a testee, or writes it in another form.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "cli/testee_options.h"

namespace framespec::conformance {

struct ReplayCommand {
  std::string file;
  std::string id;       ///< of a check in an event file; may be empty
  std::string dialect;  ///< instead of the file's; may be empty
  TesteeOptions testee;
  bool as_file = false;
  bool as_test = false;
  bool as_case = false;

  [[nodiscard]] bool converts() const noexcept { return as_file || as_test || as_case; }
};

void add_replay(CLI::App& app, ReplayCommand& command);

/// Throws a CLI::ValidationError where the options do not say what is to be done.
void check_replay(const ReplayCommand& command);

/// Exit code: 1 still so, 0 no longer so or converted, 2 usage or configuration, 3 cannot tell.
[[nodiscard]] int replay_file(const ReplayCommand& command);

}  // namespace framespec::conformance
