#include "phenomena/duration_text.h"

#include <fmt/format.h>

namespace framespec::phenomena {

std::string milliseconds_text(std::chrono::nanoseconds time) {
  const double ms = std::chrono::duration<double, std::milli>(time).count();
  constexpr double kTwoDigits = 10;
  constexpr double kThreeDigits = 100;
  return fmt::format("{:.{}f}", ms, ms < kTwoDigits ? 2 : ms < kThreeDigits ? 1 : 0);
}

std::string duration_text(std::chrono::nanoseconds time) { return milliseconds_text(time) + " ms"; }

}  // namespace framespec::phenomena
