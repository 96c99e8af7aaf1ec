// The first list of the known failures of a testee, made of what a run found.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "runner/known_failures.h"

namespace framespec::conformance {

/// A required check of a run that came to a verdict on the testee.
struct JudgedCheck {
  std::string id;
  std::string case_key;
  bool is_split = false;
  bool is_known = false;
  /// In which way it failed; nothing for one that passed. Of one that is no MUST too.
  std::optional<FailureKind> failure;
  bool is_required = false;  ///< its failure is one that has to be mended, or known
};

/// Those of a run, from its report (run --json) or its events (run --events); or a sentence that
/// names the file.
[[nodiscard]] std::expected<std::vector<JudgedCheck>, std::string> read_judged_checks(
    const std::string& path);

/// An entry, without a reason, for each case that fails, split or unsplit, and each way in which it
/// does. Its glob is the narrowest that holds all of these checks; where that holds also one that
/// passes or fails in another way, there is an entry for each kind of segmentation, or else each
/// check. What is known already gets none.
[[nodiscard]] std::vector<KnownFailure> first_known_failing(const std::vector<JudgedCheck>& checks);

}  // namespace framespec::conformance
