// Every rule of SPEC.md has a case, or a reason why no run can show it.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "suite/spec_rules.h"
#include "suite/suite.h"
#include "suite/suite_case.h"

namespace framespec::conformance {
namespace {

std::map<std::string, std::string> not_observable() {
  std::ifstream in(FRAMESPEC_NOT_OBSERVABLE);
  return nlohmann::json::parse(in).get<std::map<std::string, std::string>>();
}

std::set<std::string> rules_with_a_case() {
  std::set<std::string> rules;
  const auto set = SuiteSet::built_in();
  for (const auto& suite : set->suites()) {
    for (const auto& suite_case : suite.cases)
      rules.insert(suite_case.rules.begin(), suite_case.rules.end());
  }
  return rules;
}

TEST(Coverage, EveryRuleHasACaseOrAReason) {
  const auto covered = rules_with_a_case();
  const auto reasons = not_observable();
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

TEST(Coverage, EveryReasonIsForARuleThatIsThere) {
  for (const auto& [id, reason] : not_observable()) {
    EXPECT_NE(find_spec_rule(id), nullptr) << id << " is not in SPEC.md any more.";
    EXPECT_GT(reason.size(), 20U) << id;
  }
}

TEST(Coverage, EveryRuleWithACaseHasAPlanInSomeShippedDialect) {
  std::set<std::string> shown;
  const auto set = SuiteSet::built_in();
  for (const auto& dialect : shipped_dialects()) {
    const PlanSource source(*set, dialect, {.payload_max = 200'000, .filters = {}, .excludes = {}});
    for (const auto& entry : source.entries())
      shown.insert(entry.suite_case->rules.begin(), entry.suite_case->rules.end());
  }
  for (const auto& rule : rules_with_a_case())
    EXPECT_TRUE(shown.contains(rule)) << rule << " has cases, but none applies to any dialect.";
}

TEST(Coverage, EveryCaseAppliesToSomeShippedDialect) {
  std::map<const SuiteCase*, std::set<std::size_t>> used;
  const auto set = SuiteSet::built_in();
  for (const auto& dialect : shipped_dialects()) {
    // One dialect is enough for the largest payloads: they take their time.
    const std::uint64_t payload_max = dialect.name == "int32" ? 16U << 20U : 70'000U;
    const PlanSource source(*set, dialect,
                            {.payload_max = payload_max, .filters = {}, .excludes = {}});
    for (const auto& entry : source.entries()) used[entry.suite_case].insert(entry.value);
  }
  for (const auto& suite : set->suites()) {
    for (const auto& suite_case : suite.cases) {
      for (std::size_t value = 0; value < suite_case.values.size(); ++value) {
        EXPECT_TRUE(used[&suite_case].contains(value))
            << suite.area << "/" << suite_case.name << " " << suite_case.values[value].name;
      }
    }
  }
}

}  // namespace
}  // namespace framespec::conformance
