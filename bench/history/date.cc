#include "history/date.h"

#include <fmt/chrono.h>

#include <chrono>
#include <cstdio>

namespace framespec::bench {

std::string date_of(std::int64_t seconds) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}+00:00", fmt::gmtime(std::time_t{seconds}));
}

std::optional<std::int64_t> seconds_of(const std::string& date) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int read = 0;
  // NOLINTNEXTLINE(cert-err34-c): numbers that overflow are no date, which is checked below
  if (std::sscanf(date.c_str(), "%4d-%2u-%2u%*1[T ]%2d:%2d:%2d%n", &year, &month, &day, &hour,
                  &minute, &second, &read) != 6 ||
      read == 0) {
    return std::nullopt;
  }
  const std::chrono::year_month_day days{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!days.ok()) return std::nullopt;
  std::int64_t seconds = std::chrono::sys_days(days).time_since_epoch() / std::chrono::seconds(1);
  seconds += std::int64_t{hour} * 3600 + std::int64_t{minute} * 60 + second;
  int offset_hours = 0;
  int offset_minutes = 0;
  char sign = '+';
  const std::string offset = date.substr(static_cast<std::size_t>(read));
  // NOLINTNEXTLINE(cert-err34-c): at most two digits each
  if (std::sscanf(offset.c_str(), "%c%2d:%2d", &sign, &offset_hours, &offset_minutes) == 3) {
    const std::int64_t ahead =
        std::int64_t{offset_hours} * 3600 + std::int64_t{offset_minutes} * 60;
    seconds += sign == '-' ? ahead : -ahead;
  }
  return seconds;
}

}  // namespace framespec::bench
