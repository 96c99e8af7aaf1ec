#include "option_values.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "framespec/shortened.h"

namespace framespec::client {

namespace {

constexpr double kSecondsMax = 1e9;  // thirty years; keeps every deadline far from overflow

template <typename Number>
bool is_number(std::string_view text, Number& number) {
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && stop == text.data() + text.size();
}

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
  if (!is_number(digits, count) || count > (std::numeric_limits<std::uint64_t>::max() >> shift)) {
    return std::unexpected(
        fmt::format("'{}' is not a number of bytes such as 4096, 64K, 16M or 2G", shortened(text)));
  }
  return count << shift;
}

std::expected<double, std::string> parse_seconds(std::string_view text) {
  double seconds = 0;
  // Written so that a NaN is refused too.
  if (!is_number(text, seconds) || !(seconds >= 0 && seconds <= kSecondsMax)) {
    return std::unexpected(fmt::format("'{}' is not a number of seconds from 0 to {:.0f}",
                                       shortened(text), kSecondsMax));
  }
  return seconds;
}

}  // namespace framespec::client
