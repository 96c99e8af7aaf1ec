// What was not run or not judged, and why: silence about it would be a lie.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "report/terminal.h"
#include "runner/run_result.h"

namespace framespec::conformance {

/// The checks with one verdict for one reason, by case in the order of the run.
struct Gap {
  std::string verdict;  ///< "inconclusive (paced)"
  std::string reason;
  std::vector<std::pair<std::string_view, std::size_t>> cases;  ///< views into the run

  [[nodiscard]] std::size_t checks() const;
  /// "length/negative (3), length/empty and 2 more cases".
  [[nodiscard]] std::string names() const;
};

/// By verdict and reason; what has no passing control comes last.
[[nodiscard]] std::vector<Gap> gaps_of(const DialectResult& dialect);

/// For each reason the number of checks, and the cases that they are of, by name. Empty, or ends
/// with a newline.
[[nodiscard]] std::string gaps_text(const DialectResult& dialect, const Style& style);

}  // namespace framespec::conformance
