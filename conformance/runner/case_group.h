// The plans of a run, by case: what one control stands for, and in which order they come.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runner/verdict.h"
#include "suite/suite.h"

namespace framespec::conformance {

/// A case, with one of its values, under all its segmentations.
struct CaseGroup {
  std::string control_id;
  std::string case_key;
  std::vector<PlanEntry> variants{};
  std::vector<bool> is_done{};  ///< of each variant
  /// What the control came to; nothing before it has run.
  std::optional<Judgement> control{};
  bool has_failing_variant = false;
  bool has_hanging_variant = false;  ///< whether that is why it fails, or is in doubt
  /// Its value is the first, the middle or the last of the case: run however many others hang.
  bool is_sample = false;

  /// The variant to look at first: the one that cuts everywhere, if there is one.
  [[nodiscard]] std::size_t most_telling() const;

  /// Of each family the first, the middle and the last member: enough to say what they have in
  /// common where other segmentations of the case fail already. Single cuts are all looked at.
  [[nodiscard]] std::vector<bool> samples() const;
};

/// Those of a dialect's entries that are to be run, but for the sanity plan; areas whose cases take
/// their time come last.
[[nodiscard]] std::vector<CaseGroup> groups_of(std::span<const PlanEntry> entries,
                                               std::string_view sanity_id);

[[nodiscard]] bool is_single_cut(const PlanEntry& entry) noexcept;

/// "length/negative": the same for all values and segmentations.
[[nodiscard]] std::string case_key_of(const PlanEntry& entry);

/// Of "area/dialect/segmentation/name" the part with this number, from 0.
[[nodiscard]] std::string_view part_of_id(std::string_view id, std::size_t index);

}  // namespace framespec::conformance
