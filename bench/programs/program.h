// What each program of this folder brings along; main() is the same for all.
#pragma once

namespace framespec::bench {

/// Registers the program's benchmarks. Called once, before the command line is read.
void register_all();

}  // namespace framespec::bench
