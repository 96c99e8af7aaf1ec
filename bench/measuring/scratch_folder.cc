#include "measuring/scratch_folder.h"

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <system_error>

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRoom = 65536;

}  // namespace

std::expected<void, std::string> has_room(const fs::path& folder) {
  const fs::path file = folder / "room";
  errno = 0;
  std::ofstream stream(file, std::ios::binary);
  stream << std::string(kRoom, '\0') << std::flush;
  const int error = errno;
  const bool is_written = stream.good();
  stream.close();
  std::error_code ignored;
  fs::remove(file, ignored);
  if (is_written) return {};
  return std::unexpected(folder.string() +
                         " cannot be written: " + std::generic_category().message(error));
}

std::expected<ScratchFolder, std::string> ScratchFolder::create() {
  std::error_code failed;
  const fs::path parent = fs::temp_directory_path(failed);
  if (failed) return std::unexpected("no folder for temporary files: " + failed.message());
  std::string path = (parent / "framespec-bench-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) {
    return std::unexpected("no folder can be made in " + parent.string());
  }
  return ScratchFolder(path);
}

ScratchFolder::ScratchFolder(ScratchFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace framespec::bench
