// What should have been tested and was not, because no case could be made of it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "runner/run_result.h"

namespace framespec::conformance {

/// The cases of one area that are meant for a dialect and could not be made for it.
struct LostCases {
  std::string area;
  std::size_t lost = 0;
  std::size_t of = 0;  ///< with those that were made, each value for itself
  std::string reason;  ///< of the first

  /// Whether so much is lost that the rest is no verdict: a sanity case, or more than a tenth.
  [[nodiscard]] bool is_grave() const noexcept { return area == "sanity" || lost * 10 > of; }
};

/// By area; only areas that have lost something.
[[nodiscard]] std::vector<LostCases> lost_cases(const DialectResult& dialect);

/// "segmentation: 12 of 20 cases could not be made for this dialect: ..."
[[nodiscard]] std::string to_string(const LostCases& lost);

}  // namespace framespec::conformance
