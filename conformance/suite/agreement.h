// Holds a plan against the deframer of the library: what it expects must be what the rules say.
#pragma once

#include <optional>
#include <string>

#include "suite/plan.h"

namespace framespec::conformance {

struct Agreement {
  /// The first difference between what the plan expects and what SPEC.md makes of its bytes.
  std::optional<std::string> disagreement;
  /// Whether "main" is open at the end, and between two frames: so that it can carry a sentinel.
  bool is_main_open = false;
};

/// Runs the bytes of every connection of the plan through a FrameDeframer that checks digests.
Agreement check_agreement(const Plan& plan);

}  // namespace framespec::conformance
