#include "runner/learnt_answers.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace framespec::conformance {
namespace {

using step::Stretch;

AnswersSeen seen(const std::vector<std::string_view>& answers, bool is_closed = true) {
  AnswersSeen all{.answers = {}, .is_closed = is_closed};
  for (const std::string_view answer : answers) {
    const Bytes bytes = as_bytes(answer);
    all.answers.emplace_back(bytes.begin(), bytes.end());
  }
  return all;
}

TEST(LearntAnswers, AreTheSameUntilTheyDiffer) {
  LearntAnswers learnt;
  EXPECT_FALSE(learnt.is_known());
  EXPECT_TRUE(learnt.add(seen({"at 10:00", ""})).value());
  EXPECT_TRUE(learnt.is_known());
  EXPECT_FALSE(learnt.add(seen({"at 10:00", ""})).value());
  EXPECT_TRUE(learnt.answers()[0].varies.empty());
  EXPECT_TRUE(learnt.add(seen({"at 10:01", ""})).value());
  EXPECT_TRUE(learnt.add(seen({"at 12:04", ""})).value());
  EXPECT_EQ(learnt.answers()[0].varies, (std::vector<Stretch>{{4, 5}, {7, 8}}));
  EXPECT_FALSE(learnt.add(seen({"at 19:09", ""})).value()) << "it is known to vary there";
  EXPECT_TRUE(learnt.add(seen({"at 10:54", ""})).value());
  EXPECT_EQ(learnt.answers()[0].varies, (std::vector<Stretch>{{4, 5}, {6, 8}}));
  EXPECT_TRUE(varies_at(learnt.answers()[0], 4));
  EXPECT_FALSE(varies_at(learnt.answers()[0], 5));
  EXPECT_TRUE(varies_at(learnt.answers()[0], 7));
  EXPECT_FALSE(varies_at(learnt.answers()[0], 8));
}

TEST(LearntAnswers, OfOtherSizesCannotBeCompared) {
  LearntAnswers learnt;
  ASSERT_TRUE(learnt.add(seen({"9", "x"})));
  const auto other = learnt.add(seen({"10", "x"}));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error(),
            "the answer of turn 1 has 1 bytes once, and 2 another time; they first differ where "
            "the one is 1 bytes, from byte 0 on 39 |9| and the other is 2 bytes, from byte 0 on 31 "
            "30 |10|; with --mask '1:/[0-9]+/' they are equal");
  EXPECT_FALSE(learnt.add(seen({"9"}))) << "one did not come";
  EXPECT_TRUE(learnt.answers()[0].varies.empty()) << "nothing is learnt of it";
}

TEST(LearntAnswers, MayBeOthersAltogether) {
  LearntAnswers learnt;
  ASSERT_TRUE(learnt.add(seen({"at 10:00", "ok", ""})));
  ASSERT_TRUE(learnt.add(seen({"at 10:01", "ok", ""})));
  EXPECT_FALSE(learnt.is_another(seen({"at 23:59", "ok", ""}))) << "3 of 7 bytes";
  EXPECT_TRUE(learnt.is_another(seen({"in 23:59", "ok", ""}))) << "5 of 7 bytes";
  EXPECT_TRUE(learnt.is_another(seen({"at 10:00", "##", ""})));
  EXPECT_FALSE(learnt.is_another(seen({"at 10:00", "ok!", ""}))) << "add() tells of sizes";
  EXPECT_FALSE(learnt.is_another(seen({"at 10:07", "ok", ""})));
}

TEST(LearntAnswers, OfWhichEveryByteVariesShowNothing) {
  LearntAnswers learnt;
  ASSERT_TRUE(learnt.add(seen({"abc", ""})));
  EXPECT_TRUE(learnt.compares_any());
  ASSERT_TRUE(learnt.add(seen({"xyc", ""})));
  EXPECT_TRUE(learnt.compares_any());
  ASSERT_TRUE(learnt.add(seen({"abz", ""})));
  EXPECT_FALSE(learnt.compares_any());
}

TEST(LearntAnswers, AreLearntInTimeLinearInTheirSize) {
  LearntAnswers learnt;
  const std::string one(std::size_t{8} << 20U, 'a');
  std::string other = one;
  for (std::size_t at = 0; at < other.size(); at += 2) other[at] = 'b';
  ASSERT_TRUE(learnt.add(seen({one, ""})));
  EXPECT_TRUE(learnt.add(seen({other, ""})).value());
  EXPECT_EQ(learnt.answers()[0].varies.size(), other.size() / 2);
}

TEST(LearntAnswers, MayBeMissing) {
  LearntAnswers learnt;
  ASSERT_TRUE(learnt.add(seen({"one", "", "two", ""})));
  EXPECT_FALSE(learnt.is_one_missing(seen({"other", "more", "2", ""})));
  EXPECT_TRUE(learnt.is_one_missing(seen({"one", "", "", ""})));
  EXPECT_TRUE(learnt.is_one_missing(seen({"one"})));
}

TEST(LearntAnswers, NothingIsNothingToCompareWith) {
  LearntAnswers learnt;
  ASSERT_TRUE(learnt.add(seen({"", ""})));
  EXPECT_FALSE(learnt.has_bytes());
  LearntAnswers other;
  ASSERT_TRUE(other.add(seen({"", "x"})));
  EXPECT_TRUE(other.has_bytes());
}

TEST(LearntAnswers, TakeThePlaceOfWhatWasRecorded) {
  LearntAnswers learnt;
  ASSERT_TRUE(learnt.add(seen({"one", "two", ""})));
  ASSERT_TRUE(learnt.add(seen({"one", "twi", ""})));
  const auto on_main = [](Action action) {
    return Step{.connection = "main", .action = std::move(action)};
  };
  const std::vector<Step> steps = {on_main(ExpectAnswer{}), on_main(ExpectAnswer{}),
                                   on_main(Finish{}), on_main(ExpectAnswer{}),
                                   on_main(ExpectClosed{})};
  const std::vector<Step> applied = learnt.applied_to(steps);
  EXPECT_EQ(applied.size(), 5U);
  EXPECT_EQ(as_text(std::get<ExpectAnswer>(applied[0].action).bytes), "one");
  EXPECT_EQ(std::get<ExpectAnswer>(applied[1].action).varies, (std::vector<Stretch>{{2, 3}}));
  EXPECT_TRUE(std::get<ExpectAnswer>(applied[3].action).bytes.empty());
  ASSERT_TRUE(learnt.add(seen({"one", "two", ""}, false)));
  EXPECT_EQ(learnt.applied_to(steps).size(), 4U) << "it does not always close";
}

TEST(LearntAnswers, AreNotComparedUnderAMask) {
  LearntAnswers learnt({Mask::parse("1:2-3").value(), Mask::parse("1:0-2").value()});
  ASSERT_TRUE(learnt.add(seen({"abcdef", ""})));
  EXPECT_EQ(learnt.answers()[0].varies, (std::vector<Stretch>{{0, 4}}));
  LearntAnswers beyond({Mask::parse("1:4-6").value()});
  EXPECT_EQ(beyond.add(seen({"abcdef", ""})).error(),
            "--mask 1:4-6: the answer of that turn has 6 bytes");
  LearntAnswers other({Mask::parse("9:0-0").value()});
  EXPECT_EQ(other.add(seen({"abcdef", ""})).error(),
            "--mask 9:0-0: the answer of that turn has 0 bytes");
}

TEST(LearntAnswers, MayHaveOtherSizesWhereTheyAreMasked) {
  LearntAnswers learnt({Mask::parse("1:/up [0-9]+/").value()});
  ASSERT_TRUE(learnt.add(seen({"up 9 s, 1 user", "up 9"})));
  EXPECT_FALSE(learnt.add(seen({"up 1000 s, 1 user", "up 9"})).value());
  EXPECT_TRUE(learnt.add(seen({"up 10 s, 2 user", "up 9"})).value());
  EXPECT_EQ(learnt.answers()[0].varies, (std::vector<Stretch>{{8, 9}})) << "of the first one";
  EXPECT_FALSE(learnt.is_another(seen({"up 10 s, 3 user", "up 9"})));
  EXPECT_TRUE(learnt.is_another(seen({"up 10 hours! user", "up 9"})) ||
              !learnt.add(seen({"up 10 hours! user", "up 9"})));
  EXPECT_FALSE(learnt.add(seen({"up 10 s, 2 user", "up 10"}))) << "another turn";
  const AnswersLearnt told = answers_learnt(learnt);
  EXPECT_EQ(told.answers[0].masked, (std::vector<Stretch>{{0, 4}}));
  EXPECT_TRUE(told.answers[1].masked.empty());
}

TEST(LearntAnswers, OfWhichAllIsMaskedAreNotCompared) {
  LearntAnswers learnt({Mask::parse("/(?s).+/").value()});
  ASSERT_TRUE(learnt.add(seen({"ab\n", "c"})));
  EXPECT_FALSE(learnt.compares_any());
  LearntAnswers part({Mask::parse("/b/").value()});
  ASSERT_TRUE(part.add(seen({"ab", ""})));
  EXPECT_TRUE(part.compares_any());
}

}  // namespace
}  // namespace framespec::conformance
