// How a bisection is told.
#include "report/bisection_text.h"

#include <gtest/gtest.h>

namespace framespec::bench {
namespace {

const CountedCommit kGood{.id = "aaaaaaaaaaaaaaaa", .subject = "Begin", .instructions = 1000};
const CountedCommit kBad{.id = "bbbbbbbbbbbbbbbb", .subject = "Slow down", .instructions = 1100};
const CountedCommit kBroken{.id = "cccccccccccccccc",
                            .subject = "Break",
                            .instructions = std::nullopt,
                            .why = "could not be built: exit code 1\nno compiler\n"};

TEST(BisectionText, ACommitIsALine) {
  EXPECT_EQ(commit_line(kGood), "          1000  aaaaaaaaaaaa (Begin)\n");
  EXPECT_EQ(commit_line(kBroken),
            "       skipped  cccccccccccc (Break): could not be built: exit code 1\n");
}

TEST(BisectionText, OneCommitIsASentenceWithBothFigures) {
  const Bisection found{.good = kGood, .bad = kBad, .suspects = {kBad}, .before = kGood};
  EXPECT_EQ(bisection_text(found, "work/cpu"),
            "bbbbbbbbbbbb (Slow down) is the first commit with which work/cpu takes 10.00 % more "
            "instructions (1000 before, 1100 since)\n");
}

TEST(BisectionText, SeveralAreNamed) {
  const Bisection found{.good = kBad, .bad = kGood, .suspects = {kBroken, kGood}, .before = kBad};
  EXPECT_EQ(bisection_text(found, "work/cpu"),
            "one of 2 commits is the first with which work/cpu takes 9.09 % fewer instructions "
            "(1100 before, 1000 since); the others could not be looked at:\n"
            "  cccccccccccc (Break)\n  aaaaaaaaaaaa (Begin)\n");
}

}  // namespace
}  // namespace framespec::bench
