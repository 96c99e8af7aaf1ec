#include "comparing/staging.h"

#include <system_error>

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;

}  // namespace

std::expected<StagedPrograms, std::string> stage(const fs::path& a, const fs::path& b,
                                                 const fs::path& scratch, const std::string& name) {
  const fs::path folder = scratch / name;
  const fs::path file = a.filename();
  std::error_code failed;
  const auto link = [&](const char* side, const fs::path& target) {
    const fs::path place = folder / side / file;
    if (!failed) fs::create_directories(place.parent_path(), failed);
    if (!failed) fs::create_symlink(fs::canonical(target, failed), place, failed);
    return place;
  };
  StagedPrograms staged{.a = {link("a", a), folder / "a"},
                        .b = {link("b", b), folder / "b"},
                        .copy = {link("c", a), folder / "c"}};
  if (failed) return std::unexpected(folder.string() + ": " + failed.message());
  const auto listed = staged.a.list(".");
  if (!listed) return std::unexpected(listed.error());
  // Some find their libraries or data only from where they are; then the link to A stays.
  const fs::path tried = folder / "t" / file;
  fs::create_directory(tried.parent_path(), failed);
  const bool is_copied = fs::copy_file(a, tried, failed);
  if (is_copied && BenchmarkProgram(tried, folder).list(".") == listed) {
    fs::rename(tried, staged.copy.path(), failed);
  }
  return staged;
}

}  // namespace framespec::bench
