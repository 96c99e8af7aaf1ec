#include "comparing/program_pairs.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <system_error>
#include <utility>

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;

std::expected<PairedPrograms, std::string> pair_folders(const fs::path& a, const fs::path& b) {
  const auto of_a = programs_below(a);
  const auto of_b = programs_below(b);
  if (!of_a || !of_b) return std::unexpected(of_a ? of_b.error() : of_a.error());
  PairedPrograms paired;
  std::ranges::set_difference(*of_a, *of_b, std::back_inserter(paired.only_a));
  std::ranges::set_difference(*of_b, *of_a, std::back_inserter(paired.only_b));
  std::vector<std::string> both;
  std::ranges::set_intersection(*of_a, *of_b, std::back_inserter(both));
  const auto is_linked = [&](const std::string& name) {
    std::error_code unknown;
    return fs::is_symlink(a / name, unknown) || fs::is_symlink(b / name, unknown);
  };
  // Names of files before those of links to them, of which each that means the same two files goes.
  std::ranges::stable_partition(both, [&](const std::string& name) { return !is_linked(name); });
  std::set<std::pair<fs::path, fs::path>> known;
  for (const std::string& name : both) {
    std::error_code unknown;
    const fs::path file_a = fs::canonical(a / name, unknown);
    const fs::path file_b = fs::canonical(b / name, unknown);
    if (!known.emplace(file_a, file_b).second) continue;
    paired.pairs.push_back({.name = name, .a = a / name, .b = b / name});
  }
  std::ranges::sort(paired.pairs, {}, &ProgramPair::name);
  if (both.empty()) return std::unexpected("no program has the same path below both folders");
  return paired;
}

}  // namespace

std::expected<PairedPrograms, std::string> pair_programs(const fs::path& a, const fs::path& b) {
  std::error_code failed;
  const fs::path whole_a = fs::canonical(a, failed);
  if (failed) return std::unexpected(a.string() + ": " + failed.message());
  const fs::path whole_b = fs::canonical(b, failed);
  if (failed) return std::unexpected(b.string() + ": " + failed.message());
  const bool is_folder = fs::is_directory(whole_a);
  if (is_folder != fs::is_directory(whole_b)) {
    return std::unexpected("a program can be compared with a program, a folder with a folder");
  }
  if (is_folder) return pair_folders(whole_a, whole_b);
  return PairedPrograms{.pairs = {{.name = whole_a.filename(), .a = whole_a, .b = whole_b}},
                        .only_a = {},
                        .only_b = {}};
}

}  // namespace framespec::bench
