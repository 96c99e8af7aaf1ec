#include "suite/spec_rules.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace framespec::conformance
