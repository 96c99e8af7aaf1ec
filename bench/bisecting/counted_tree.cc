#include "bisecting/counted_tree.h"

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "measuring/benchmark_program.h"
#include "measuring/callgrind.h"
#include "revisions/git.h"

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;

}  // namespace

std::expected<CountedTree, std::string> CountedTree::create(const std::string& revision,
                                                            std::string benchmark,
                                                            std::string build_command) {
  auto scratch = ScratchFolder::create();
  if (!scratch) return std::unexpected(scratch.error());
  std::error_code failed;
  fs::create_directory(scratch->path() / "counts", failed);
  if (failed) return std::unexpected(scratch->path().string() + ": " + failed.message());
  auto tree = Worktree::create(revision, scratch->path() / "tree");
  if (!tree) return std::unexpected(tree.error());
  return CountedTree(*std::move(scratch), *std::move(tree), std::move(benchmark),
                     std::move(build_command));
}

CountedTree::CountedTree(ScratchFolder scratch, Worktree tree, std::string benchmark,
                         std::string build_command)
    : scratch_(std::move(scratch)),
      tree_(std::move(tree)),
      benchmark_(std::move(benchmark)),
      build_command_(std::move(build_command)) {}

std::expected<double, std::string> CountedTree::count() {
  // A program that this commit does not build must not be that of another.
  std::error_code ignored;
  if (program_) fs::remove(tree_.path() / *program_, ignored);
  if (const auto built = tree_.build(build_command_); !built) {
    return std::unexpected("could not be built: " + built.error());
  }
  if (!program_) {
    if (const auto found = find_program(); !found) return std::unexpected(found.error());
  }
  const fs::path file = tree_.path() / *program_;
  if (!is_benchmark_program(file)) return std::unexpected("has no program " + program_->string());
  const auto counted =
      count_instructions(BenchmarkProgram(file, scratch_.path() / "counts"), benchmark_);
  if (!counted) return std::unexpected(benchmark_ + " cannot be counted: " + counted.error());
  if (counted->instructions <= 0) {
    return std::unexpected(benchmark_ + " takes no instruction that could be counted");
  }
  return counted->instructions;
}

std::expected<void, std::string> CountedTree::find_program() {
  const auto programs = programs_below(tree_.path());
  if (!programs) return std::unexpected(programs.error());
  std::vector<std::string> found;
  for (const std::string& each : *programs) {
    const std::string prefix = each + ": ";
    if (has_benchmark(each, benchmark_)) found.push_back(each);
    if (benchmark_.starts_with(prefix) && has_benchmark(each, benchmark_.substr(prefix.size()))) {
      program_ = each;
      benchmark_.erase(0, prefix.size());
      return {};
    }
  }
  if (found.empty()) return std::unexpected("no program has a benchmark " + benchmark_);
  if (found.size() > 1) {
    return std::unexpected("several programs have a benchmark " + benchmark_ + "; say which: \"" +
                           found[0] + ": " + benchmark_ + "\" or \"" + found[1] + ": " +
                           benchmark_ + "\"");
  }
  program_ = found[0];
  return {};
}

bool CountedTree::has_benchmark(const std::string& program, const std::string& name) const {
  const auto names =
      BenchmarkProgram(tree_.path() / program, scratch_.path() / "counts").list(only(name));
  return names && std::ranges::find(*names, name) != names->end();
}

std::expected<std::string, std::string> CountedTree::git(std::vector<std::string> arguments) const {
  return run_git(std::move(arguments), {.folder = tree_.path()});
}

}  // namespace framespec::bench
