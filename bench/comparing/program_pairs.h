// Which programs of two sides belong together.
#pragma once

#include <expected>
#include <filesystem>
#include <string>
#include <vector>

#include "comparing/comparison.h"

namespace framespec::bench {

struct PairedPrograms {
  std::vector<ProgramPair> pairs;
  /// Programs of one side alone, by their path below the folder.
  std::vector<std::string> only_a;
  std::vector<std::string> only_b;
};

/// Two programs, whatever they are called; or two folders, searched with what is below them for
/// programs that were linked with Google Benchmark, of which those with the same path belong
/// together; links to two that belong together anyway are left out. The error is a sentence.
std::expected<PairedPrograms, std::string> pair_programs(const std::filesystem::path& a,
                                                         const std::filesystem::path& b);

}  // namespace framespec::bench
