// Every rule of SPEC.md has a case, or a reason why no run can show it.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "suite/conditions.h"
#include "suite/spec_rules.h"
#include "suite/suite.h"
#include "suite/suite_case.h"

namespace framespec::conformance {
namespace {

using Reasons = std::map<std::string, std::string>;

/// By rule: why no run can show it of any testee; and of a client, where it can of a server.
std::map<std::string, Reasons> not_observable() {
  std::ifstream in(FRAMESPEC_NOT_OBSERVABLE);
  return nlohmann::json::parse(in).get<std::map<std::string, Reasons>>();
}

std::set<std::string> rules_with_a_case(Side side) {
  std::set<std::string> rules;
  const auto set = SuiteSet::built_in();
  for (const auto& suite : set->suites()) {
    for (const auto& suite_case : suite.cases) {
      const auto is_for_side = [&](const CaseValue& value) {
        return !unmet_by_side(suite_case, value, side).has_value();
      };
      if (std::ranges::any_of(suite_case.values, is_for_side)) {
        rules.insert(suite_case.rules.begin(), suite_case.rules.end());
      }
    }
  }
  return rules;
}

class CoverageOf : public testing::TestWithParam<Side> {};
INSTANTIATE_TEST_SUITE_P(Each, CoverageOf, testing::Values(Side::kServer, Side::kClient),
                         [](const auto& side) {
                           return side.param == Side::kServer ? "servers" : "clients";
                         });

TEST_P(CoverageOf, EveryRuleHasACaseOrAReason) {
  const auto covered = rules_with_a_case(GetParam());
  const auto all_reasons = not_observable();
  Reasons reasons = all_reasons.at("any");
  if (GetParam() == Side::kClient) {
    reasons.insert(all_reasons.at("client").begin(), all_reasons.at("client").end());
  }
  for (const auto& rule : spec_rules()) {
    const bool has_case = covered.contains(rule.id);
    const bool has_reason = reasons.contains(rule.id);
    EXPECT_TRUE(has_case || has_reason)
        << rule.id << " has no case: " << rule.text
        << "\nWrite one (docs/writing-a-case.md), or say in not_observable.json why there is none.";
    EXPECT_FALSE(has_case && has_reason)
        << rule.id << " has a case now: take it out of not_observable.json.";
  }
}

TEST(Coverage, EveryCaseSaysWhatToDoAboutItsDefect) {
  const auto set = SuiteSet::built_in();
  for (const auto& suite : set->suites()) {
    for (const auto& suite_case : suite.cases) {
      EXPECT_TRUE(suite_case.remedy.ends_with('.')) << suite.area << "/" << suite_case.name;
    }
  }
}

TEST(Coverage, EveryReasonIsForARuleThatIsThere) {
  for (const auto& [of_whom, reasons] : not_observable()) {
    for (const auto& [id, reason] : reasons) {
      EXPECT_NE(find_spec_rule(id), nullptr) << id << " is not in SPEC.md any more.";
      EXPECT_GT(reason.size(), 20U) << id;
    }
  }
}

/// A case with one of its values.
using Valued = std::pair<const SuiteCase*, std::size_t>;

std::string id_of(const Valued& valued, const std::string& between) {
  const auto& [suite_case, value] = valued;
  const auto& name = suite_case->values[value].name;
  return suite_case->area + between + suite_case->name + (name.empty() ? "" : "-" + name);
}

TEST(Coverage, EveryCaseAppliesToSomeShippedDialect) {
  const auto set = SuiteSet::built_in();
  std::set<Valued> unused;
  for (const auto& suite : set->suites()) {
    for (const auto& suite_case : suite.cases) {
      for (std::size_t i = 0; i < suite_case.values.size(); ++i) unused.insert({&suite_case, i});
    }
  }
  bool is_first = true;
  for (const auto& dialect : shipped_dialects()) {
    if (unused.empty()) break;
    // One dialect is enough for the largest payloads: they take their time.
    const std::uint64_t payload_max = dialect.name == "int32"     ? (16U << 20U) + 1
                                      : dialect.name == "int32be" ? 1U << 20U
                                                                  : 70'000U;
    ExpandOptions options{.payload_max = payload_max, .filters = {}, .excludes = {}};
    // Only what no dialect before had, whole or up to an offset; the first has nothing before it.
    for (const auto& valued : is_first ? std::set<Valued>() : unused) {
      options.filters.push_back(id_of(valued, "/*/"));
      options.filters.push_back(id_of(valued, "/*/") + "-*");
    }
    const PlanSource source(*set, dialect, std::move(options));
    for (const auto& entry : source.entries()) unused.erase({entry.suite_case, entry.value});
    is_first = false;
  }
  for (const auto& valued : unused)
    ADD_FAILURE() << id_of(valued, "/") << " applies to no shipped dialect";
}

}  // namespace
}  // namespace framespec::conformance
