#include "outputs/attempt_place.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace framespec::conformance {
namespace {

using std::chrono::microseconds;

constexpr std::uint16_t kFirstConnectingPort = 50'000;

/// "2026-11-26T22:30:00Z", since 1970.
microseconds time_of(std::string_view text) {
  int year = 1970;
  unsigned month = 1;
  unsigned day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  const auto read = [&](std::size_t at, std::size_t size, auto& value) {
    if (at + size > text.size()) return;
    std::from_chars(text.data() + at, text.data() + at + size, value);
  };
  read(0, 4, year);
  read(5, 2, month);
  read(8, 2, day);
  read(11, 2, hour);
  read(14, 2, minute);
  read(17, 2, second);
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  return std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second);
}

}  // namespace

TalkPlace place_of(const TesteeChoice& testee) {
  TalkPlace place{.connecting_port = kFirstConnectingPort, .listening_port = kMadeUpPort};
  const bool is_address =
      testee.kind == TesteeKind::kServer || testee.kind == TesteeKind::kClientThatComes;
  const std::string_view address = is_address ? testee.value : testee.listen;
  place.is_ipv6 = address.starts_with('[');
  const std::size_t colon = address.rfind(':');
  if (address.starts_with("unix:") || colon == std::string_view::npos) return place;
  std::uint16_t port = 0;
  const char* const end = address.data() + address.size();
  const auto [rest, error] = std::from_chars(address.data() + colon + 1, end, port);
  if (error == std::errc{} && rest == end && port != 0) place.listening_port = port;
  return place;
}

microseconds beginning_of(const RecordedAttempt& attempt) {
  return time_of(attempt.started->started) +
         std::max(microseconds(0), attempt.ended - attempt.made.duration);
}

}  // namespace framespec::conformance
