// In which order the checks of a dialect come to their verdicts.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "runner/run_result.h"
#include "suite/suite.h"

namespace framespec::conformance {

/// The place of each check in a run of all cases that runs to its end, so that what several runs
/// have shared can be put together in that order.
class RunOrder {
 public:
  /// `entries` are those of all cases; `sanity_id` is that of the check which comes first and last.
  RunOrder(std::span<const PlanEntry> entries, const std::string& sanity_id);

  /// Nothing for a check that is not one of them.
  [[nodiscard]] std::optional<std::uint64_t> place_of(const PlanResult& result) const;

 private:
  std::map<std::string, std::uint64_t> places_;
};

}  // namespace framespec::conformance
