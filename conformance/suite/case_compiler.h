// One case, for one dialect and one of its values, as the steps of a plan.
#pragma once

#include <chrono>
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

  /// Whether the stream ends right behind the step that is cut, on the same connection.
  [[nodiscard]] bool ends_behind_cut() const;
  [[nodiscard]] StreamShape shape() const { return {cut_size, frame_ends, field_edges}; }
};

/// What else a plan depends on.
struct CompileOptions {
  /// Cuts the step's stream off there, and only the frames that are whole by then are expected.
  std::optional<std::uint64_t> stop_at{};
  std::chrono::milliseconds frame_timeout{0};  ///< ExpandOptions::frame_timeout
};

/// Whether a step waits for times that follow from the time that a frame may take.
bool needs_frame_timeout(const CaseValue& value);

/// Whether it sends bytes as they are, of which the rules of the dialect say nothing: those of an
/// answer file, or of a recording.
bool is_fixed(const CaseValue& value);

/// Compiles; or says why the dialect cannot express the case.
std::expected<CompiledCase, NotFor> compile_case(const CaseValue& value, const Dialect& dialect,
                                                 const CompileOptions& options = {});

/// How many offsets at most the case is to be cut off at, if it is one of those.
std::optional<std::size_t> stops_of(const CaseValue& value);

}  // namespace framespec::conformance
