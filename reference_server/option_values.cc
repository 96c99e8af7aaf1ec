#include "option_values.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>

namespace framespec::server {
namespace {

constexpr double kSecondsMax = 1e6;  // eleven days; keeps every deadline far from overflow

int shift_of_suffix(char suffix) {
  switch (suffix) {
    case 'K':
    case 'k':
      return 10;
    case 'M':
    case 'm':
      return 20;
    case 'G':
    case 'g':
      return 30;
    default:
      return 0;
  }
}

}  // namespace

std::expected<std::uint64_t, std::string> parse_byte_count(std::string_view text) {
  const int shift = text.empty() ? 0 : shift_of_suffix(text.back());
  const std::string_view digits = shift == 0 ? text : text.substr(0, text.size() - 1);
  std::uint64_t count = 0;
  const char* const begin = digits.data();
  const char* const end = begin + digits.size();
  const auto [stop, error] = std::from_chars(begin, end, count);
  if (error != std::errc{} || stop != end ||
      count > (std::numeric_limits<std::uint64_t>::max() >> shift)) {
    return std::unexpected(
        fmt::format("'{}' is not a number of bytes such as 4096, 64K, 16M or 2G", text));
  }
  return count << shift;
}

std::expected<std::chrono::duration<double>, std::string> parse_seconds(std::string_view text) {
  double seconds = 0;
  const char* const begin = text.data();
  const char* const end = begin + text.size();
  const auto [stop, error] = std::from_chars(begin, end, seconds);
  // Written so that a NaN is refused too.
  if (error != std::errc{} || stop != end || !(seconds >= 0 && seconds <= kSecondsMax)) {
    return std::unexpected(
        fmt::format("'{}' is not a number of seconds from 0 to {:.0f}", text, kSecondsMax));
  }
  return std::chrono::duration<double>(seconds);
}

}  // namespace framespec::server
