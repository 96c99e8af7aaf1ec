// The release that a case came with.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace framespec::conformance {

/// The two numbers of a version that say what is in it: 0.2 of 0.2.7.
struct Release {
  std::uint64_t major = 0;
  std::uint64_t minor = 0;

  auto operator<=>(const Release&) const = default;
};

/// Reads "0.2"; nothing where that is no release.
[[nodiscard]] std::optional<Release> parse_release(std::string_view text);

/// "0.2".
[[nodiscard]] std::string to_string(const Release& release);

}  // namespace framespec::conformance
