// Two programs and a copy of the first, put where nothing but their contents differs, if they work
// from there.
#pragma once

#include <expected>
#include <filesystem>
#include <string>

#include "measuring/benchmark_program.h"
#include "measuring/dry_run.h"

namespace framespec::bench {

/// Each has a path of the same length, since that of a program's name moves its stack.
struct StagedPrograms {
  BenchmarkProgram a;
  BenchmarkProgram b;
  /// Another file with the contents of A, where A works from another place; else A.
  BenchmarkProgram copy;
  DryRun on_a;
  DryRun on_b;
};

/// Below a new folder of this name in the scratch folder, by links; where one does something else
/// when it is called so (it looks for its data beside the path it is called by), both are called by
/// their own paths. Runs what matches the filter once from each place. The error is a sentence: a
/// program cannot be run.
std::expected<StagedPrograms, std::string> stage(const std::filesystem::path& a,
                                                 const std::filesystem::path& b,
                                                 const std::filesystem::path& scratch,
                                                 const std::string& name,
                                                 const std::string& filter);

}  // namespace framespec::bench
