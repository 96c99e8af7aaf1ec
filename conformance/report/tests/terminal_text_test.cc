// Text as a terminal shows it: lines no longer than it is wide, parts in colours, tables of counts.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "framespec/encoder.h"
#include "report/counts_text.h"
#include "report/explain_text.h"
#include "report/labelled_line.h"
#include "report/wire_view.h"
#include "suite/suite_case.h"

namespace framespec::conformance {
namespace {

/// Without what only colours.
std::string seen(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t begin = std::min(text.find('\x1b'), text.size());
    out += text.substr(0, begin);
    text.remove_prefix(begin);
    if (!text.empty()) text.remove_prefix(text.find('m') + 1);
  }
  return out;
}

std::size_t longest_line(std::string_view text) {
  std::size_t longest = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    longest = std::max(longest, columns_of(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return longest;
}

TEST(Wrapped, BreaksBetweenWordsAndHangs) {
  EXPECT_EQ(wrapped("  one two three four\n", Style::coloured(12), 2),
            "  one two\n    three\n    four\n");
  EXPECT_EQ(wrapped("  one two\n  three\n", Style::coloured(80), 2), "  one two\n  three\n");
}

TEST(Wrapped, LeavesAFileAndAWordThatIsTooLongAsTheyAre) {
  const std::string text = "  a_word_of_twenty_two b\n";
  EXPECT_EQ(wrapped(text, Style::plain(), 2), text);
  EXPECT_EQ(wrapped(text, Style::coloured(10), 2), "  a_word_of_twenty_two\n    b\n");
}

TEST(Wrapped, CountsLettersAndNotBytes) {
  EXPECT_EQ(columns_of("… ü"), 3U);
  EXPECT_EQ(wrapped("üü üü üü", Style::coloured(5), 0), "üü üü\nüü");
}

TEST(AddWords, GoOnBelowTheFirst) {
  std::string text;
  add_words(text, Style::coloured(24), "came", "nothing for two seconds");
  EXPECT_EQ(seen(text), "  came      nothing for\n            two seconds\n");
}

TEST(WireViewOnATerminal, EachPartHasAColourAndALineItsRoom) {
  ByteVector stream;
  ASSERT_TRUE(append_frame(stream, *find_dialect("int32"), as_bytes("a payload of some length")));
  const std::vector<std::uint64_t> cuts{1, 9};
  for (const std::size_t columns : {40U, 80U, 200U}) {
    const auto rows = wire_view(*find_dialect("int32"), {stream, stream.size(), cuts},
                                Style::coloured(columns), kLabelColumns);
    EXPECT_LE(kLabelColumns + longest_line(seen(rows[0])), columns) << seen(rows[0]);
    EXPECT_TRUE(rows[0].starts_with("\x1b[36m18\x1b[0m \x1b[31m|\x1b[0m \x1b[36m00\x1b[0m"))
        << rows[0];
    EXPECT_TRUE(seen(rows[0]).starts_with("18 | 00 00 00 61")) << rows[0];
    EXPECT_EQ(seen(rows[1]), "prefix        payload");
  }
}

TEST(ExplainText, OfARuleHasItsCasesOrWhyThereIsNone) {
  const auto suites = SuiteSet::built_in();
  const std::string shown = rule_text(*find_spec_rule("PFX-4"), *suites, Style::plain());
  EXPECT_TRUE(shown.starts_with("PFX-4 · must\n")) << shown;
  EXPECT_NE(shown.find("\n    length/negative "), std::string::npos) << shown;
  const std::string hidden = rule_text(*find_spec_rule("ERR-2"), *suites, Style::plain());
  EXPECT_NE(hidden.find("\n  No run can show it: Kind and offset"), std::string::npos) << hidden;
  for (const SpecRule& rule : spec_rules()) {
    const std::string text = rule_text(rule, *suites, Style::plain());
    EXPECT_TRUE(text.contains("\n  Shown by\n") || text.contains("o run can show it: ")) << text;
    EXPECT_LE(longest_line(seen(rule_text(rule, *suites, Style::coloured(80)))), 80U) << text;
  }
}

TEST(ExplainText, OfACaseSaysWhatItFinds) {
  const auto suites = SuiteSet::built_in();
  const SuiteCase* const found = find_case(*suites, "length/negative");
  ASSERT_NE(found, nullptr);
  const std::string text = case_text(*found, Style::plain());
  EXPECT_TRUE(text.starts_with("length/negative · must · since 0.1\n")) << text;
  EXPECT_NE(text.find("\n  Finds: -1 that loops for ever"), std::string::npos) << text;
  EXPECT_EQ(find_case(*suites, "length/nothing"), nullptr);
}

TEST(ExplainText, OfACheckHasTheBytesAsARuler) {
  const PlanSource source(*SuiteSet::built_in(), *find_dialect("int32"), {});
  const auto plan = source.build("segmentation/int32/cut_at-2/one_frame");
  ASSERT_TRUE(plan);
  const std::string text = plan_text(*plan, Style::plain());
  EXPECT_TRUE(text.starts_with("segmentation/int32/cut_at-2/one_frame\n\n  13 00 | 00 00 68 65"))
      << text;
  EXPECT_NE(text.find("\n  prefix        payload\n\n  A frame is answered"), std::string::npos)
      << text;
  EXPECT_LE(longest_line(seen(plan_text(*plan, Style::coloured(80)))), 80U);
}

TEST(Counts, CountAChecksRulesEachAndTheCheckOnce) {
  const PlanSource source(*SuiteSet::built_in(), *find_dialect("int32"), {});
  Counts by_rule(CountedBy::kRule);
  Counts by_level(CountedBy::kLevel);
  for (const PlanEntry& entry : source.entries()) {
    by_rule.add(entry);
    by_level.add(entry);
  }
  const std::string rules = by_rule.text(Style::plain());
  EXPECT_LT(rules.find("\nPFX-2 "), rules.find("\nSEG-1 ")) << "in the order of SPEC.md";
  const std::string total = std::to_string(source.entries().size());
  const std::string levels = by_level.text(Style::plain());
  for (const std::string& table : {rules, levels}) {
    const std::string last = table.substr(table.rfind('\n', table.size() - 2) + 1);
    EXPECT_TRUE(last.starts_with("all")) << table;
    EXPECT_TRUE(last.ends_with(" " + total + "\n")) << table;
  }
}

}  // namespace
}  // namespace framespec::conformance
