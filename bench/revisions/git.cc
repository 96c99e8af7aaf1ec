#include "revisions/git.h"

#include <charconv>
#include <utility>

#include "measuring/benchmark_json.h"
#include "measuring/process.h"
#include "measuring/scratch_folder.h"

namespace framespec::bench {
namespace {

std::string without_last_line_break(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

/// What a command answers that prints one line, behind the warnings that git may have.
std::string last_line_of(const std::string& text) {
  const std::string lines = without_last_line_break(text);
  return lines.substr(lines.rfind('\n') + 1);
}

std::optional<std::int64_t> time_of(const std::string& revision) {
  const auto text = run_git({"show", "--no-patch", "--format=%ct", revision + "^{commit}"});
  if (!text) return std::nullopt;
  const std::string line = last_line_of(*text);
  std::int64_t time_s = 0;
  const auto read = std::from_chars(line.data(), line.data() + line.size(), time_s);
  return read.ec == std::errc() ? std::optional(time_s) : std::nullopt;
}

}  // namespace

std::expected<std::string, std::string> run_git(std::vector<std::string> arguments,
                                                const GitOptions& options) {
  const auto git = find_program("git");
  if (!git) return std::unexpected("git is not installed");
  const auto scratch = ScratchFolder::create();
  if (!scratch) return std::unexpected(scratch.error());
  ProcessOptions process;
  process.command = std::move(arguments);
  process.command.insert(process.command.begin(), git->string());
  process.environment = whole_environment();
  // Some of what it says is read here.
  std::erase_if(process.environment,
                [](const std::string& each) { return each.starts_with("LC_ALL="); });
  process.environment.emplace_back("LC_ALL=C");
  process.folder = options.folder;
  process.output_file = scratch->path() / "output";
  process.errors_too = true;
  process.has_fixed_addresses = false;
  process.is_cleanup = options.is_cleanup;
  const auto ended = run_process(process);
  std::string text = read_text(process.output_file).value_or("");
  if (!ended) return std::unexpected(without_last_line_break(ended.error() + "\n" + text));
  return text;
}

bool is_revision(const std::string& name) {
  return run_git({"rev-parse", "--quiet", "--verify", name + "^{commit}"}).has_value();
}

std::optional<Commit> commit_here() {
  const auto id = run_git({"describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"});
  if (!id) return std::nullopt;
  return Commit{.id = last_line_of(*id), .time_s = time_of("HEAD")};
}

Commit commit_named(const std::string& name) {
  const auto id = run_git({"rev-parse", "--quiet", "--verify", name + "^{commit}"});
  if (!id) return {.id = name};
  return {.id = last_line_of(*id), .time_s = time_of(name)};
}

}  // namespace framespec::bench
