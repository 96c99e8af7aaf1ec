// What a rule, a case or a check is about, for a person at a terminal.
#pragma once

#include <string>

#include "report/terminal.h"
#include "suite/plan.h"
#include "suite/spec_rules.h"
#include "suite/suite.h"
#include "suite/suite_case.h"

namespace framespec::conformance {

/// What the rule says and prevents, which of the cases show it, and of whom no run can.
[[nodiscard]] std::string rule_text(const SpecRule& rule, const SuiteSet& suites,
                                    const Style& style);

/// What must hold, what it finds, what to do about that, and its rules.
[[nodiscard]] std::string case_text(const SuiteCase& each, const Style& style);

/// The bytes that are cut as a ruler, and all that explain() says of the plan.
[[nodiscard]] std::string plan_text(const Plan& plan, const Style& style);

/// The case of this area and name, "length/negative"; null where there is none.
[[nodiscard]] const SuiteCase* find_case(const SuiteSet& suites, std::string_view key);

}  // namespace framespec::conformance
