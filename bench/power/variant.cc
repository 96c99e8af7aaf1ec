#include "power/variant.h"

#include <cstddef>
#include <cstring>
#include <fstream>
#include <system_error>

#include "measuring/benchmark_json.h"

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;

struct Named {
  Injection injection;
  std::string_view name;
  /// Behind the mark in the specimen's file.
  std::size_t offset;
};

// `Knobs` in specimens/trial_specimen.cc.
constexpr std::string_view kMark{"framespec trial knobs 1\0", 24};
constexpr std::array kNamed{
    Named{.injection = Injection::kCpu, .name = "cpu", .offset = 0},
    Named{.injection = Injection::kCache, .name = "cache", .offset = 4},
    Named{.injection = Injection::kLayout, .name = "layout", .offset = 8},
    Named{.injection = Injection::kAllocation, .name = "allocation", .offset = 12}};

const Named& named(Injection injection) { return kNamed.at(static_cast<std::size_t>(injection)); }

}  // namespace

std::string_view name_of(Injection injection) { return named(injection).name; }

std::optional<Injection> injection_of(std::string_view name) {
  for (const Named& each : kNamed) {
    if (each.name == name) return each.injection;
  }
  return std::nullopt;
}

std::string benchmark_of(Injection injection) { return "work/" + std::string(name_of(injection)); }

std::expected<fs::path, std::string> find_specimen() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  fs::path specimen =
      program.parent_path().parent_path() / "libexec" / "framespec" / "trial_specimen";
  if (!failed && fs::is_regular_file(specimen, failed)) return specimen;
  return std::unexpected(specimen.string() +
                         " is not there: it is built and installed with framespec-bench");
}

std::expected<void, std::string> write_variant(const fs::path& specimen, Injection injection,
                                               std::uint32_t millionths, const fs::path& to) {
  auto contents = read_text(specimen);
  if (!contents) return std::unexpected(specimen.string() + " cannot be read");
  const std::size_t mark = contents->find(kMark);
  const std::size_t knob = mark + kMark.size() + named(injection).offset;
  if (mark == std::string::npos || contents->find(kMark, mark + 1) != std::string::npos ||
      knob + sizeof millionths > contents->size()) {
    return std::unexpected(specimen.string() + " is not the specimen for trials");
  }
  std::memcpy(contents->data() + knob, &millionths, sizeof millionths);
  std::error_code failed;
  fs::create_directories(to.parent_path(), failed);
  // A new file each time, in other memory.
  fs::remove(to, failed);
  std::ofstream file(to, std::ios::binary);
  file << *contents;
  file.close();
  if (file) fs::permissions(to, fs::perms::owner_all, failed);
  if (!file || failed) return std::unexpected(to.string() + " cannot be written");
  return {};
}

}  // namespace framespec::bench
