// The command line of framespec-bench.
#pragma once

namespace framespec::bench {

/// Does what the command line says; gives back the exit code.
int run_command_line(int argc, char** argv);

}  // namespace framespec::bench
