#include "report/time_words.h"

#include <fmt/format.h>

#include <cmath>

namespace framespec::bench {

std::string time_in_words(double time_ns) {
  // Three digits of what lies above are 1000 of the unit.
  constexpr double kMost = 999.5;
  if (time_ns < kMost) return fmt::format("{:.3g} ns", time_ns);
  if (time_ns < kMost * 1e3) return fmt::format("{:.3g} us", time_ns / 1e3);
  if (time_ns < kMost * 1e6) return fmt::format("{:.3g} ms", time_ns / 1e6);
  return fmt::format("{:.3g} s", time_ns / 1e9);
}

std::string slowdown_in_words(double change) {
  return fmt::format("{:.1f} % {}", std::abs(change) * 100, change < 0 ? "faster" : "slower");
}

}  // namespace framespec::bench
