#include "runner/mask.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "runner/answer_comparison.h"
#include "runner/mask_proposal.h"

namespace framespec::conformance {
namespace {

using step::Stretch;
using Outcome = AnswerComparison::Outcome;

TEST(Mask, IsATurnAndItsBytes) {
  const Mask mask = Mask::parse("2:17-46").value();
  EXPECT_EQ(mask.turn, 1U);
  EXPECT_EQ(mask.stretch, (Stretch{17, 47}));
  EXPECT_TRUE(mask.pattern.empty());
  for (const std::string_view wrong :
       {"", "2", "2:", "2:1", "2:1-", "0:1-2", "2:3-2", "2:1-2 ", " 2:1-2", "-2:1-2", "a:1-2",
        "2:1-18446744073709551615", "18446744073709551616:1-2", "0:/a/"}) {
    const auto mistake = Mask::parse(wrong);
    ASSERT_FALSE(mistake) << wrong;
    EXPECT_TRUE(mistake.error().contains("is neither TURN:FROM-TO")) << mistake.error();
  }
}

TEST(Mask, IsAnExpressionBetweenSlashes) {
  EXPECT_EQ(Mask::parse("/a/b/").value().pattern, "a/b");
  EXPECT_FALSE(Mask::parse("/a/").value().turn);
  EXPECT_EQ(Mask::parse("3:/1-2/").value().turn, 2U);
  EXPECT_EQ(Mask::parse("3:/1-2/").value().pattern, "1-2");
  for (const std::string_view wrong : {"/", "//", "/a", "2://", "2:/a"}) {
    const auto mistake = Mask::parse(wrong);
    ASSERT_FALSE(mistake) << wrong;
    EXPECT_TRUE(mistake.error().contains("between two slashes")) << mistake.error();
  }
  EXPECT_EQ(Mask::parse("/ab(c/").error(),
            "\"/ab(c/\": the expression does not compile: missing ): ab(c (from character 1 of it "
            "on)");
  EXPECT_TRUE(Mask::parse("/\xff/").error().contains("is not UTF-8")) << "no JSON has it";
}

std::vector<Stretch> parts(const std::vector<std::string>& patterns, std::string_view text) {
  return masked_parts(patterns, as_bytes(text)).value();
}

TEST(MaskedParts, AreWhatIsMatched) {
  EXPECT_EQ(parts({"[0-9]+"}, "a12b345"), (std::vector<Stretch>{{1, 3}, {4, 7}}));
  EXPECT_EQ(parts({"[0-9]"}, "a12"), (std::vector<Stretch>{{1, 2}, {2, 3}}));
  EXPECT_EQ(parts({"bc", "cd"}, "abcde"), (std::vector<Stretch>{{1, 4}})) << "they overlap";
  EXPECT_EQ(parts({"x*"}, "axb"), (std::vector<Stretch>{{1, 2}})) << "of no bytes is none";
  EXPECT_EQ(parts({R"(\xff.)"}, "a\xff\xfe"), (std::vector<Stretch>{{1, 3}})) << "of bytes";
  EXPECT_TRUE(parts({"a"}, "").empty());
  EXPECT_FALSE(masked_parts(std::vector<std::string>{"("}, {}));
}

AnswerComparison compared(std::string_view known, std::string_view other,
                          const std::vector<std::string>& patterns,
                          const std::vector<Stretch>& varies = {}) {
  return compare(masked_answer(as_bytes(known), patterns).value(), varies,
                 masked_answer(as_bytes(other), patterns).value());
}

TEST(AnswerComparison, TakesEachMaskedPartForOne) {
  const std::vector<std::string> number{"[0-9]+"};
  EXPECT_EQ(compared("at 9.", "at 100.", number).outcome, Outcome::kSame);
  EXPECT_EQ(compared("at 9.", "at 100.more", number).other_at, 7U) << "as far as it goes";
  EXPECT_EQ(compared("at 9.", "at 100", number).outcome, Outcome::kBeginning);
  EXPECT_EQ(compared("at 9.", "at x.", number).outcome, Outcome::kOther);
  const AnswerComparison other = compared("at 9, 8.", "at 100; 8.", number);
  EXPECT_EQ(other.outcome, Outcome::kOther);
  EXPECT_EQ(other.known_at, 4U);
  EXPECT_EQ(other.other_at, 6U);
  EXPECT_EQ(compared("at 9, 8.", "at 100; 8.", number, {{4, 5}}).outcome, Outcome::kSame);
}

TEST(AnswerComparison, IsShownWithStars) {
  const std::string text = "at 100.";
  const MaskedAnswer answer = masked_answer(as_bytes(text), std::vector<std::string>{"0+"}).value();
  EXPECT_EQ(around(answer, 6), "7 bytes, from byte 2 on 20 31 ** ** 2e | 1**.|");
}

using Patterns = std::vector<std::string>;

Patterns proposed(std::string_view one, std::string_view other, const Patterns& patterns = {}) {
  return patterns_that_fit(as_bytes(one), as_bytes(other), patterns);
}

TEST(MaskProposal, IsAWordBehindWhatStandsBeforeItInItsLine) {
  EXPECT_EQ(proposed("STAT up 9\r\n", "STAT up 10\r\n"), Patterns{"STAT up [0-9]+"});
  EXPECT_EQ(proposed("a\r\nt 0.5;", "a\r\nt 0.51;"), Patterns{"t [0-9.]+"});
  EXPECT_EQ(proposed("id=ab1;x", "id=c;x"), Patterns{"id=[0-9A-Za-z]+"});
  EXPECT_EQ(proposed("d: a b\n", "d: a-b-c\n"), Patterns{R"(d: [^\r\n]+)"});
  EXPECT_EQ(proposed("(1)", "(22)"), Patterns{R"(\([0-9]+)"});
}

TEST(MaskProposal, IsAsManyAsItTakes) {
  EXPECT_EQ(proposed("a 9\nb 9\n", "a 10\nb 10\n"), (Patterns{"a [0-9]+", "b [0-9]+"}));
  EXPECT_EQ(proposed("a 9\nb 9\n", "a 10\nb 10\n", {"a [0-9]+"}), Patterns{"b [0-9]+"});
  EXPECT_TRUE(proposed("a\n", "a\nb\n").empty()) << "nothing of the first is a word";
}

TEST(MaskProposal, CanBePasted) { EXPECT_EQ(as_option(1, "id [0-9]+"), "--mask '2:/id [0-9]+/'"); }

}  // namespace
}  // namespace framespec::conformance
