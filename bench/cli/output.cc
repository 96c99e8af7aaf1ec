#include "cli/output.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <system_error>

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;

bool write_through(const fs::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  return !file.fail();
}

/// The file itself, where links lead to it; it need not be there.
fs::path target_of(const fs::path& path) {
  std::error_code failed;
  const fs::path target = fs::weakly_canonical(path, failed);
  return failed ? path : target;
}

/// Pipes and devices are written to, and never replaced.
bool is_replaceable(const fs::path& path) {
  std::error_code failed;
  const fs::file_status status = fs::status(path, failed);
  return status.type() == fs::file_type::not_found || status.type() == fs::file_type::regular;
}

/// An empty file beside it; none where the folder takes no new ones.
std::optional<fs::path> file_beside(const fs::path& path) {
  std::string name = (path.parent_path() / ".framespec-bench-XXXXXX").string();
  const int file = ::mkstemp(name.data());
  if (file < 0) return std::nullopt;
  // Whoever may read the old one, or a new one, may read this.
  struct ::stat old = {};
  const ::mode_t hidden = ::umask(0);
  ::umask(hidden);
  constexpr ::mode_t kPermissions = 07777;
  constexpr ::mode_t kNewFile = 0666;
  const bool is_there = ::stat(path.c_str(), &old) == 0;
  const ::mode_t mode = is_there ? old.st_mode & kPermissions : kNewFile & ~hidden;
  const bool is_open_to_all = ::fchmod(file, mode) == 0;
  ::close(file);
  if (is_open_to_all) return name;
  ::unlink(name.c_str());
  return std::nullopt;
}

}  // namespace

bool write_output(const std::string& path, const std::string& text) {
  if (path.empty()) {
    fmt::print("{}", text);
    return true;
  }
  const fs::path target = target_of(path);
  if (!is_replaceable(target)) return write_through(path, text);
  // A file that may be written where no other may be made is written in place.
  const auto beside = file_beside(target);
  if (!beside) return write_through(target, text);
  if (write_through(*beside, text) && ::rename(beside->c_str(), target.c_str()) == 0) return true;
  ::unlink(beside->c_str());
  return false;
}

bool is_writable(const std::string& path) {
  if (path.empty()) return true;
  const fs::path target = target_of(path);
  std::error_code failed;
  if (fs::is_directory(target, failed)) return false;
  if (fs::exists(target, failed)) return ::access(target.c_str(), W_OK) == 0;
  const auto beside = file_beside(target);
  if (beside) ::unlink(beside->c_str());
  return beside.has_value();
}

}  // namespace framespec::bench
