// Holds a case's steps against the deframer of the library: what they expect must be what the rules
// say.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "suite/plan.h"

namespace framespec::conformance {

struct Agreement {
  /// The first difference between what the steps expect and what SPEC.md makes of their bytes.
  std::optional<std::string> disagreement;
  /// Whether "main" is open at the end, and between two frames: so that it can carry a sentinel.
  bool is_main_open = false;
};

/// Runs the bytes of every connection of the steps through a FrameDeframer that checks digests.
Agreement check_agreement(const Dialect& dialect, std::span<const Step> steps);

}  // namespace framespec::conformance
