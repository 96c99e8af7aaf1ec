// What failing segmentations have in common.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "runner/run_result.h"

namespace framespec::conformance {

struct Pattern {
  /// "every cut inside the prefix fails (1-3), and no other single cut". Of what was tried only.
  std::vector<std::string> sentences;
  /// Where single cuts fail: "the prefix", or empty where that is not so simple.
  std::string cut_place;
};

/// Of the segmentations of one control, some of which fail; `stream` are the bytes that they cut,
/// or the first of `size` bytes.
[[nodiscard]] Pattern pattern_of(const Dialect& dialect, Bytes stream, std::uint64_t size,
                                 const std::vector<const PlanResult*>& variants);

/// "1-3, 7": ascending numbers in ranges.
[[nodiscard]] std::string ranges_of(const std::vector<std::uint64_t>& numbers);

}  // namespace framespec::conformance
