// What a run that has ended says of each of its checks, read from its report or its events.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "runner/verdict.h"

namespace framespec::conformance {

/// A check that came to a verdict on the testee.
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

}  // namespace framespec::conformance
