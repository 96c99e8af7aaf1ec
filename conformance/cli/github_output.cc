#include "cli/github_output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <random>
#include <string_view>
#include <utility>

#include "os/error_text.h"
#include "outputs/github_text.h"

namespace framespec::conformance {
namespace {

std::string failure(std::string_view what, int error) {
  return fmt::format("--github: the summary of the job cannot be written to {}: {}", what,
                     os::error_text(error));
}

/// The testee may have written whatever it likes, but not this.
std::string new_token() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

}  // namespace

std::expected<GithubOutput, std::string> GithubOutput::open(bool is_wanted) {
  GithubOutput output;
  output.is_wanted_ = is_wanted;
  if (!is_wanted) return output;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): the environment is never changed
  const char* const path = std::getenv("GITHUB_STEP_SUMMARY");
  if (path == nullptr || *path == '\0') return output;
  output.summary_ =
      UniqueFd(::open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOCTTY | O_CLOEXEC, 0666));
  if (!output.summary_) return std::unexpected(failure(path, errno));
  return output;
}

std::string GithubOutput::text(const RunResult& run, const std::string& shown) const {
  if (!is_wanted_) return shown;
  return without_commands(shown, new_token()) + github_annotations(run);
}

std::expected<void, std::string> GithubOutput::write_summary(const RunResult& run) {
  if (!summary_) return {};
  const std::string text = github_summary(run);
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t size = ::write(summary_.get(), rest.data(), rest.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return std::unexpected(failure("its file", size < 0 ? errno : ENOSPC));
    rest.remove_prefix(static_cast<std::size_t>(size));
  }
  return {};
}

}  // namespace framespec::conformance
