// The command line of `framespec invariance`.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/cli_options.h"

namespace framespec::conformance {

/// What is said where neither --server nor --launch is there.
inline constexpr const char* kNeedsService =
    "needs a service: --launch 'CMD {port}' or --server HOST:PORT";

/// What is said where no conversation is there.
inline constexpr const char* kNeedsConversation =
    "needs a conversation: the FILE of a recording, --stream FILE or --capture FILE";

void add_invariance(CLI::App& app, RunCommand& command);

/// For commands that show the cases of a recording, and run none: --recording, --pipelined.
void add_recording(CLI::App& app, Selection& selection);

}  // namespace framespec::conformance
