#include "report/output_place.h"

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace framespec::conformance {

std::expected<std::string, int> place_of(const std::string& path) {
  struct stat there{};
  if (path.empty()) return std::unexpected(ENOENT);
  if (lstat(path.c_str(), &there) != 0) return path;
  std::string place = path;
  if (S_ISLNK(there.st_mode)) {
    std::array<char, PATH_MAX> target{};
    if (realpath(path.c_str(), target.data()) == nullptr) return std::unexpected(errno);
    place = target.data();
    if (path.starts_with("/dev/") || stat(path.c_str(), &there) != 0) {
      return std::unexpected(EINVAL);
    }
  }
  if (!S_ISREG(there.st_mode)) return std::unexpected(S_ISDIR(there.st_mode) ? EISDIR : EINVAL);
  return place;
}

bool is_one_place(const std::string& one, const std::string& other) {
  std::error_code first;
  std::error_code second;
  const auto place = std::filesystem::weakly_canonical(one, first);
  return place == std::filesystem::weakly_canonical(other, second) && !first && !second;
}

}  // namespace framespec::conformance
