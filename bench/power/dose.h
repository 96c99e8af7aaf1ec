// How hard the work must be made for it to take so much longer on this machine.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "power/variant.h"

namespace framespec::bench {

/// What was measured of an injection: by how much longer (a fraction) each dose (millionths) takes.
struct DosePoint {
  std::uint32_t millionths = 0;
  double slowdown = 0;
};

/// The dose for a slowdown: between the two measured points around it, on the line through them,
/// the first point being a dose of nothing. The error is a sentence: no dose reaches it.
std::expected<std::uint32_t, std::string> dose_for(double slowdown,
                                                   const std::vector<DosePoint>& points);

/// What a benchmark took without a dose and with it, side by side.
struct DoseTimes {
  double without_ns = 0;
  double with_ns = 0;
};

/// The points of doses whose times are known: of each round those of each dose. A slowdown is the
/// median of the ratios, so a round that was disturbed moves it little. The error is a sentence: a
/// time that is none.
std::expected<std::vector<DosePoint>, std::string> dose_points(
    std::span<const std::uint32_t> millionths, const std::vector<std::vector<DoseTimes>>& rounds);

inline constexpr int kDoseRounds = 15;

/// Of more instructions the dose is known; the others are measured here, so many times: half a
/// minute. Each as a comparison would meet it, beside two programs without a dose: what a miss
/// costs is also a matter of who else uses the caches. Files go into `scratch`. The error is a
/// sentence.
std::expected<std::vector<DosePoint>, std::string> measure_doses(
    const std::filesystem::path& specimen, Injection injection,
    const std::filesystem::path& scratch, int rounds = kDoseRounds);

/// The doses of an injection, by slowdown.
using Doses = std::map<double, std::uint32_t>;
using AllDoses = std::map<Injection, Doses>;

/// Of all injections, for all of `slowdowns`.
std::expected<AllDoses, std::string> find_doses(const std::filesystem::path& specimen,
                                                const std::vector<double>& slowdowns,
                                                const std::filesystem::path& scratch);

}  // namespace framespec::bench
