#include "plots/scale.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace framespec::bench {
namespace {

/// The step of 1, 2 or 5 times a power of ten that is at least so large.
double round_step(double least) {
  const double power = std::pow(10, std::floor(std::log10(least)));
  // What is a hair above a round one is that one.
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (least <= factor * power * (1 + 1e-9)) return factor * power;
  }
  return 10 * power;
}

/// Differences of such figures are still figures.
double within_reach(double figure) {
  constexpr double kMost = std::numeric_limits<double>::max() / 8;
  return std::clamp(figure, -kMost, kMost);
}

std::vector<double> linear_ticks(double low, double high, int count) {
  const double step = round_step((high - low) / count);
  // Between ends that are next to each other there is no step.
  constexpr int kTooMany = 1000;
  if (!(step > 0) || count > kTooMany) return {low, high};
  std::vector<double> ticks;
  // By whole numbers, so that zero is zero.
  for (auto i = std::llround(std::ceil(low / step - 1e-9));
       static_cast<double>(i) * step <= high + step * 1e-9; ++i) {
    ticks.push_back(static_cast<double>(i) * step);
  }
  // One alone does not show a scale.
  return ticks.size() < 2 ? linear_ticks(low, high, 2 * count) : ticks;
}

}  // namespace

Scale::Scale(Kind kind, double low, double high, double from, double to)
    : kind_(kind), low_(within_reach(low)), high_(within_reach(high)), from_(from), to_(to) {}

double Scale::place(double figure) const {
  // Differences of logarithms, not of what they are of: a quotient may be more than a double holds.
  const double part = kind_ == Kind::kLinear ? (figure - low_) / (high_ - low_)
                                             : (std::log(figure) - std::log(low_)) /
                                                   (std::log(high_) - std::log(low_));
  constexpr double kFarOut = 1000;
  return from_ + std::clamp(part, -kFarOut, kFarOut) * (to_ - from_);
}

std::vector<double> Scale::ticks(int count) const {
  // A few octaves are labelled better in even steps.
  constexpr double kFew = 8;
  if (kind_ == Kind::kLinear || high_ / low_ < kFew) return linear_ticks(low_, high_, count);
  std::vector<double> ticks;
  const double decades = std::log10(high_) - std::log10(low_);
  const bool has_room = decades * 3 <= count;
  const int every = std::max(1, static_cast<int>(std::ceil(decades / count)));
  const int last = static_cast<int>(std::floor(std::log10(high_)));
  for (int power = static_cast<int>(std::floor(std::log10(low_))); power <= last; power += every) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double tick = factor * std::pow(10, power);
      const bool is_inside = tick >= low_ * (1 - 1e-9) && tick <= high_ * (1 + 1e-9);
      if (is_inside && (factor == 1 || has_room)) ticks.push_back(tick);
    }
  }
  if (ticks.size() >= 2) return ticks;
  return {low_, high_};
}

Ends ends_around(const std::vector<double>& figures) {
  if (figures.empty()) return {.low = 0, .high = 1};
  const auto [lowest, highest] = std::ranges::minmax(figures);
  const double least = within_reach(lowest);
  const double most = within_reach(highest);
  double room = std::max((most - least) * 0.08, std::max(std::abs(least), std::abs(most)) * 0.01);
  if (room == 0) room = 1;
  return {.low = least - room, .high = most + room};
}

}  // namespace framespec::bench
