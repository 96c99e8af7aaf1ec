#include "power/dose.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <utility>

#include "measuring/benchmark_program.h"
#include "statistics/location.h"

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kMillion = 1'000'000;

std::string percent(double fraction) {
  return std::to_string(std::lround(fraction * 1000) / 10) + " %";
}

/// 0 where there is none.
double time_ns(const std::vector<Sample>& samples) {
  const bool is_measured = !samples.empty() && !samples.front().error;
  return is_measured ? judged_time_ns(samples.front()) : 0;
}

}  // namespace

std::expected<std::uint32_t, std::string> dose_for(double slowdown,
                                                   const std::vector<DosePoint>& points) {
  DosePoint before;
  for (const DosePoint& point : points) {
    if (point.slowdown >= slowdown && point.slowdown > before.slowdown) {
      const double part = (slowdown - before.slowdown) / (point.slowdown - before.slowdown);
      return before.millionths +
             static_cast<std::uint32_t>(
                 std::lround(part * static_cast<double>(point.millionths - before.millionths)));
    }
    // Noise can make more seem less.
    if (point.slowdown > before.slowdown) before = point;
  }
  return std::unexpected("no dose makes it slower by " + percent(slowdown) + " on this machine, " +
                         percent(before.slowdown) + " at most");
}

std::expected<std::vector<DosePoint>, std::string> dose_points(
    std::span<const std::uint32_t> millionths, const std::vector<std::vector<DoseTimes>>& rounds) {
  std::vector<std::vector<double>> ratios(millionths.size());
  for (const std::vector<DoseTimes>& round : rounds) {
    for (std::size_t i = 0; i < millionths.size(); ++i) {
      const auto& [without_ns, with_ns] = round[i];
      if (without_ns <= 0 || with_ns <= 0) return std::unexpected("it reports no time");
      ratios[i].push_back(with_ns / without_ns);
    }
  }
  std::vector<DosePoint> points;
  points.reserve(millionths.size());
  for (std::size_t i = 0; i < millionths.size(); ++i) {
    points.push_back({.millionths = millionths[i], .slowdown = median(ratios[i]) - 1});
  }
  return points;
}

std::expected<std::vector<DosePoint>, std::string> measure_doses(const fs::path& specimen,
                                                                 Injection injection,
                                                                 const fs::path& scratch,
                                                                 int rounds) {
  if (injection == Injection::kCpu)
    return std::vector{DosePoint{.millionths = kMillion, .slowdown = 1}};
  // Close together where little is asked for.
  constexpr std::array<std::uint32_t, 10> kMillionths{1'000,  2'500,   5'000,   10'000,  25'000,
                                                      50'000, 100'000, 200'000, 400'000, 800'000};
  const std::string benchmark = benchmark_of(injection);
  // The last two without a dose.
  std::vector<BenchmarkProgram> programs;
  programs.reserve(kMillionths.size() + 2);
  for (std::size_t i = 0; i < kMillionths.size() + 2; ++i) {
    // Of one length, as paths of programs that are compared must be.
    const fs::path folder = scratch / ("dose" + std::string(1, static_cast<char>('a' + i)));
    const std::uint32_t dose = i < kMillionths.size() ? kMillionths.at(i) : 0;
    const auto written = write_variant(specimen, injection, dose, folder / specimen.filename());
    if (!written) return std::unexpected(written.error());
    programs.emplace_back(folder / specimen.filename(), folder);
  }
  const BenchmarkProgram* const without = &programs[kMillionths.size()];
  const BenchmarkProgram* const copy = &programs.back();
  std::vector<std::vector<DoseTimes>> measured(static_cast<std::size_t>(rounds));
  for (std::vector<DoseTimes>& round : measured) {
    for (std::size_t i = 0; i < kMillionths.size(); ++i) {
      const std::array together{without, &std::as_const(programs[i]), copy};
      const auto all = BenchmarkProgram::run_together(together, only(benchmark), Effort{});
      if (!all) return std::unexpected(all.error());
      const double without_ns = std::midpoint(time_ns((*all)[0]), time_ns((*all)[2]));
      round.push_back({.without_ns = without_ns, .with_ns = time_ns((*all)[1])});
    }
  }
  auto points = dose_points(kMillionths, measured);
  if (!points) return std::unexpected(benchmark + ": " + points.error());
  return points;
}

std::expected<AllDoses, std::string> find_doses(const fs::path& specimen,
                                                const std::vector<double>& slowdowns,
                                                const fs::path& scratch) {
  AllDoses all;
  for (const Injection injection : kInjections) {
    const auto points = measure_doses(specimen, injection, scratch);
    if (!points) return std::unexpected(points.error());
    for (const double slowdown : slowdowns) {
      const auto dose = dose_for(slowdown, *points);
      if (!dose) return std::unexpected(benchmark_of(injection) + ": " + dose.error());
      all[injection][slowdown] = *dose;
    }
  }
  return all;
}

}  // namespace framespec::bench
