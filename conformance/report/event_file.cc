#include "report/event_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <utility>

#include "os/error_text.h"
#include "report/output_place.h"

namespace framespec::conformance {
namespace {

std::string failure(const std::string& path, int error) {
  return fmt::format("the events cannot be written to {}: {}", path.empty() ? "\"\"" : path,
                     os::error_text(error));
}

}  // namespace

std::expected<EventFile, std::string> EventFile::create(const std::string& path) {
  const auto place = place_of(path);
  if (!place) return std::unexpected(failure(path, place.error()));
  UniqueFd fd(
      open(place->c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_NOCTTY | O_CLOEXEC, 0666));
  if (!fd) return std::unexpected(failure(path, errno));
  return EventFile(std::move(fd), path);
}

std::expected<EventFile, std::string> EventFile::create_nameless(const std::string& folder) {
  constexpr mode_t kOwnersAlone = 0600;
  UniqueFd fd(open(folder.c_str(), O_TMPFILE | O_RDWR | O_APPEND | O_CLOEXEC, kOwnersAlone));
  if (fd) return EventFile(std::move(fd), folder);
  // A file system that has no such files.
  std::string name = folder + "/.framespec-XXXXXX";
  fd = UniqueFd(mkostemp(name.data(), O_APPEND | O_CLOEXEC));
  if (!fd) return std::unexpected(failure(folder, errno));
  unlink(name.c_str());
  return EventFile(std::move(fd), folder);
}

std::string EventFile::path_to_read() const { return fmt::format("/proc/self/fd/{}", fd_.get()); }

void EventFile::write(std::string_view line) {
  while (!error_ && !line.empty()) {
    const ssize_t size = ::write(fd_.get(), line.data(), line.size());
    if (size < 0 && errno == EINTR) continue;
    // Nothing and no error is what a full file of some kinds says.
    if (size <= 0) {
      error_ = failure(path_, size < 0 ? errno : ENOSPC);
      return;
    }
    line.remove_prefix(static_cast<std::size_t>(size));
  }
}

}  // namespace framespec::conformance
