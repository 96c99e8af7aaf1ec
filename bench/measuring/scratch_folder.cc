#include "measuring/scratch_folder.h"

#include <cstdlib>
#include <system_error>

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;

}  // namespace

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
