#include "comparing/staging.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;

/// The same file by a path of so many bytes: slashes may stand in a row.
fs::path lengthened(const fs::path& absolute, std::size_t size) {
  const std::string path = absolute.string();
  return path.size() < size ? std::string(size - path.size(), '/') + path : path;
}

/// Whether the program does from there what it did from its own place.
bool works(const BenchmarkProgram& program, const std::string& filter, const DryRun& own) {
  const auto run = dry_run(program, filter);
  return run && is_same(*run, own);
}

/// By paths of one length, in folders for output of one length; the copy of A is A.
StagedPrograms by_own_paths(const fs::path& a, const fs::path& b, const fs::path& folder) {
  const std::size_t size = std::max(a.string().size(), b.string().size());
  return {.a = {lengthened(a, size), folder / "a"},
          .b = {lengthened(b, size), folder / "b"},
          .copy = {lengthened(a, size), folder / "c"},
          .on_a = {},
          .on_b = {}};
}

}  // namespace

std::expected<StagedPrograms, std::string> stage(const fs::path& a, const fs::path& b,
                                                 const fs::path& scratch, const std::string& name,
                                                 const std::string& filter) {
  const fs::path folder = scratch / name;
  const fs::path file = a.filename();
  std::error_code failed;
  const fs::path own_a = fs::canonical(a, failed);
  const fs::path own_b = failed ? b : fs::canonical(b, failed);
  const auto link = [&](const char* side, const fs::path& target) {
    const fs::path place = folder / side / file;
    if (!failed) fs::create_directories(place.parent_path(), failed);
    if (!failed) fs::create_symlink(target, place, failed);
    return place;
  };
  StagedPrograms staged{.a = {link("a", own_a), folder / "a"},
                        .b = {link("b", own_b), folder / "b"},
                        .copy = {link("c", own_a), folder / "c"},
                        .on_a = {},
                        .on_b = {}};
  if (failed) return std::unexpected(folder.string() + ": " + failed.message());
  auto on_a = dry_run({own_a, folder / "a"}, filter);
  if (!on_a) return std::unexpected(on_a.error());
  auto on_b = dry_run({own_b, folder / "b"}, filter);
  if (!on_b) return std::unexpected(on_b.error());

  if (!works(staged.a, filter, *on_a) || !works(staged.b, filter, *on_b)) {
    staged = by_own_paths(own_a, own_b, folder);
  } else {
    // Some find their libraries or data only from where their file is; then the link to A stays.
    const fs::path tried = folder / "t" / file;
    fs::create_directory(tried.parent_path(), failed);
    const bool is_copied = fs::copy_file(own_a, tried, failed);
    if (is_copied && works({tried, folder / "c"}, filter, *on_a)) {
      fs::rename(tried, staged.copy.path(), failed);
    }
  }
  staged.on_a = *std::move(on_a);
  staged.on_b = *std::move(on_b);
  return staged;
}

}  // namespace framespec::bench
