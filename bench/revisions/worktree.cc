#include "revisions/worktree.h"

#include <utility>

#include "measuring/benchmark_json.h"
#include "measuring/process.h"
#include "revisions/git.h"

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;

std::string end_of(const fs::path& log) {
  const std::string text = read_text(log).value_or("");
  constexpr std::size_t kMax = 2000;
  return text.size() <= kMax ? text : "…" + text.substr(text.size() - kMax);
}

}  // namespace

std::expected<Worktree, std::string> Worktree::create(const std::string& revision,
                                                      const fs::path& place) {
  const auto added = run_git({"worktree", "add", "--detach", "--quiet", place.string(), revision});
  if (!added) return std::unexpected("no worktree of " + revision + ": " + added.error());
  return Worktree(place);
}

Worktree::Worktree(Worktree&& other) noexcept : path_(std::exchange(other.path_, {})) {}

Worktree::~Worktree() {
  if (path_.empty()) return;
  // What is left of it is removed with the folder that it lies in.
  const auto removed =
      run_git({"worktree", "remove", "--force", path_.string()}, {.is_cleanup = true});
  static_cast<void>(removed);
}

std::expected<void, std::string> Worktree::build(const std::string& command) const {
  ProcessOptions options;
  // What it would ask, nobody answers.
  options.command = {"/bin/sh", "-c", R"(exec /bin/sh -c "$1" </dev/null)", "sh", command};
  options.environment = whole_environment();
  options.has_fixed_addresses = false;
  options.folder = path_;
  options.output_file = path_.string() + ".log";
  options.errors_too = true;
  options.limit = std::chrono::hours(24);
  if (const auto ended = run_process(options); !ended) {
    return std::unexpected(ended.error() + "\n" + end_of(options.output_file));
  }
  return {};
}

}  // namespace framespec::bench
