#include "suite/spec_rules.h"

#include <gtest/gtest.h>

#include <string>

#include "framespec/error.h"

namespace framespec::conformance {
namespace {

TEST(SpecRules, RowsOfRuleTablesAreRead) {
  const auto rules = parse_spec_rules(
      "| id | level | rule | prevents |\n| --- | --- | --- | --- |\n"
      "| ABC-1 | SHOULD | Do `a \\| b`. Or not. | harm |\n| part | says |\n| `x` | y | z | w |\n");
  ASSERT_EQ(rules.size(), 1U);
  EXPECT_EQ(rules[0].id, "ABC-1");
  EXPECT_EQ(rules[0].level, Level::kShould);
  EXPECT_EQ(rules[0].text, "Do `a \\| b`. Or not.");
  EXPECT_EQ(rules[0].prevents, "harm");
}

TEST(SpecRules, TheBuiltInPageHasTheRulesThatEverythingStandsOn) {
  EXPECT_GE(spec_rules().size(), 50U);
  const auto* invariant = find_spec_rule("SEG-1");
  ASSERT_NE(invariant, nullptr);
  EXPECT_EQ(invariant->level, Level::kMust);
  EXPECT_NE(invariant->text.find("same under every segmentation"), std::string::npos);
  EXPECT_EQ(find_spec_rule("SEG-99"), nullptr);
}

TEST(SpecRules, EveryKindOfErrorBreaksOneThatIsThere) {
  for (auto kind = ErrorKind::kBadLead; kind <= ErrorKind::kNotExpressible;
       kind = static_cast<ErrorKind>(static_cast<int>(kind) + 1)) {
    EXPECT_NE(find_spec_rule(std::string(rule_of(kind))), nullptr) << name_of(kind);
  }
  EXPECT_EQ(rule_of(ErrorKind::kNegativeLength), "PFX-4");
  EXPECT_EQ(rule_of(ErrorKind::kTooLarge), "LIM-1");
  EXPECT_EQ(rule_of(ErrorKind::kNotExpressible), "SND-3");
}

}  // namespace
}  // namespace framespec::conformance
