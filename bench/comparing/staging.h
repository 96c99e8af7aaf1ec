// Two programs and a copy of the first, put where nothing but their contents differs.
#pragma once

#include <expected>
#include <filesystem>
#include <string>

#include "measuring/benchmark_program.h"

namespace framespec::bench {

/// Each has a path of the same length, since that of a program's name moves its stack.
struct StagedPrograms {
  BenchmarkProgram a;
  BenchmarkProgram b;
  /// Another file with the contents of A, where A works from another place; else A.
  BenchmarkProgram copy;
};

/// Below a new folder of this name in the scratch folder.
std::expected<StagedPrograms, std::string> stage(const std::filesystem::path& a,
                                                 const std::filesystem::path& b,
                                                 const std::filesystem::path& scratch,
                                                 const std::string& name);

}  // namespace framespec::bench
