// Programs that are slower than another by what was put into them, and by nothing else.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace framespec::bench {

/// Where the time is lost.
enum class Injection {
  /// More instructions.
  kCpu,
  /// The same instructions, and more loads that miss the first cache.
  kCache,
  /// The same instructions, in functions that lie further apart.
  kLayout,
  /// The same instructions, on a list whose nodes lie further apart.
  kAllocation
};
inline constexpr std::array kInjections{Injection::kCpu, Injection::kCache, Injection::kLayout,
                                        Injection::kAllocation};

std::string_view name_of(Injection injection);
std::optional<Injection> injection_of(std::string_view name);

/// The benchmark of the specimen that this is put into.
std::string benchmark_of(Injection injection);

/// The program that variants are made of (specimens/trial_specimen.cc): where it was built, and
/// where it is installed, it lies in the same place beside the program that runs. The error is a
/// sentence.
std::expected<std::filesystem::path, std::string> find_specimen();

/// Writes a copy of the specimen, anew, in which `millionths` of the work is made harder. The error
/// is a sentence.
std::expected<void, std::string> write_variant(const std::filesystem::path& specimen,
                                               Injection injection, std::uint32_t millionths,
                                               const std::filesystem::path& to);

}  // namespace framespec::bench
