// The rules that no run can show, as the cases' folder lists them.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "suite/suite.h"

namespace framespec::conformance {

struct NotObservable {
  std::string rule;          ///< "ERR-2"
  std::optional<Side> side;  ///< nothing: of whichever testee
  std::string reason;        ///< a sentence, and how the rule is held instead
};

/// Those that this program was built with (kNotObservableFile). Valid for ever.
std::span<const NotObservable> not_observable_rules();

}  // namespace framespec::conformance
