// The command line of `framespec`.
#pragma once

namespace framespec::conformance {

/// Everything that the program does. Returns its exit code: 0 all that is required passed, 1 a
/// finding, 2 usage or configuration, 3 the testee or the runner could not work.
int run_command_line(int argc, char** argv);

}  // namespace framespec::conformance
