// One case, for one dialect and one of its values, as the steps of a plan.
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "framespec/dialect.h"
#include "suite/plan.h"
#include "suite/segmentation_family.h"
#include "suite/suite_case.h"

namespace framespec::conformance {

/// A case without its segmentation: steps with bytes, and the shape of the step that is cut.
struct CompiledCase {
  std::vector<Step> steps;
  std::uint64_t cut_size = 0;  ///< bytes of the step that is cut; 0 where there is none
  std::vector<std::uint64_t> frame_ends;
  std::vector<std::uint64_t> field_edges;
  bool is_exclusive = false;

  [[nodiscard]] StreamShape shape() const { return {cut_size, frame_ends, field_edges}; }
};

/// Why a case is not for a dialect, as far as its conditions say; nothing if it is.
std::optional<std::string> unmet_condition(const Conditions& conditions, const Dialect& dialect);

/// Compiles; or says why the dialect cannot express the case. `stop_at` cuts the step's stream off
/// there, and only the frames that are whole by then are expected.
std::expected<CompiledCase, std::string> compile_case(
    const CaseValue& value, const Dialect& dialect,
    std::optional<std::uint64_t> stop_at = std::nullopt);

/// How many offsets at most the case is to be cut off at, if it is one of those.
std::optional<std::size_t> stops_of(const CaseValue& value);

}  // namespace framespec::conformance
