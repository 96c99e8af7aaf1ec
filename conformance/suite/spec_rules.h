// The rules of SPEC.md, as the page itself states them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "suite/plan.h"

namespace framespec::conformance {

/// One row of a table of rules.
struct SpecRule {
  std::string id;  ///< "PFX-4"
  Level level = Level::kMust;
  std::string text;
  std::string prevents;
};

/// The rules of a page in the form of SPEC.md, in its order.
std::vector<SpecRule> parse_spec_rules(std::string_view page);

/// The rules of the SPEC.md that this program was built with. Valid for ever.
std::span<const SpecRule> spec_rules();

/// One of them by id, or null.
const SpecRule* find_spec_rule(std::string_view id);

}  // namespace framespec::conformance
