#include "comparing/built_revision.h"

#include <utility>

#include "measuring/benchmark_json.h"
#include "measuring/process.h"

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;

std::expected<void, std::string> run_git(std::vector<std::string> arguments, bool is_cleanup) {
  const auto git = find_program("git");
  if (!git) return std::unexpected("git is not installed");
  ProcessOptions options;
  options.command = std::move(arguments);
  options.command.insert(options.command.begin(), git->string());
  options.environment = whole_environment();
  options.has_fixed_addresses = false;
  options.is_cleanup = is_cleanup;
  return run_process(options);
}

std::string end_of(const fs::path& log) {
  const std::string text = read_text(log).value_or("");
  constexpr std::size_t kMax = 2000;
  return text.size() <= kMax ? text : "…" + text.substr(text.size() - kMax);
}

}  // namespace

std::expected<BuiltRevision, std::string> BuiltRevision::build(const std::string& revision,
                                                               const std::string& command,
                                                               const fs::path& place) {
  if (auto added =
          run_git({"worktree", "add", "--detach", "--quiet", place.string(), revision}, false);
      !added) {
    return std::unexpected("no worktree of " + revision + ": " + added.error());
  }
  BuiltRevision built(place);
  ProcessOptions options;
  options.command = {"/bin/sh", "-c", command};
  options.environment = whole_environment();
  options.has_fixed_addresses = false;
  options.folder = place;
  options.output_file = place.string() + ".log";
  options.errors_too = true;
  options.limit = std::chrono::hours(24);
  if (const auto ended = run_process(options); !ended) {
    return std::unexpected(revision + " could not be built: " + ended.error() + "\n" +
                           end_of(options.output_file));
  }
  return built;
}

BuiltRevision::BuiltRevision(BuiltRevision&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

BuiltRevision::~BuiltRevision() {
  if (path_.empty()) return;
  // What is left of it is removed with the folder that it lies in.
  const auto removed = run_git({"worktree", "remove", "--force", path_.string()}, true);
  static_cast<void>(removed);
}

bool is_revision(const std::string& name) {
  return run_git({"rev-parse", "--quiet", "--verify", name + "^{commit}"}, false).has_value();
}

}  // namespace framespec::bench
