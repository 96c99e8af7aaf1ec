#include "suite/release.h"

#include <charconv>

namespace framespec::conformance {
namespace {

/// In digits, without zeros before them.
std::optional<std::uint64_t> read_release_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return number;
}

}  // namespace

std::optional<Release> parse_release(std::string_view text) {
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto major = read_release_number(text.substr(0, dot));
  const auto minor = read_release_number(text.substr(dot + 1));
  if (!major || !minor) return std::nullopt;
  return Release{.major = *major, .minor = *minor};
}

std::string to_string(const Release& release) {
  return std::to_string(release.major) + "." + std::to_string(release.minor);
}

}  // namespace framespec::conformance
