#include "recording/lines.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace framespec::conformance {
namespace {

using Outcome = Lines::Outcome;

TEST(Lines, AreTheSameHoweverTheTextIsCut) {
  constexpr std::string_view kText = "one\n\ntwo\r\nthree";
  const std::vector<std::string> expected{"one", "", "two\r"};
  for (std::size_t cut = 0; cut <= kText.size(); ++cut) {
    Lines lines;
    std::vector<std::string> taken;
    const auto take = [&](std::string_view line) {
      taken.emplace_back(line);
      return true;
    };
    EXPECT_EQ(lines.add(kText.substr(0, cut), take), Outcome::kMore);
    EXPECT_EQ(lines.add(kText.substr(cut), take), Outcome::kMore);
    EXPECT_EQ(taken, expected) << cut;
  }
}

TEST(Lines, EndWithOneThatIsNotTaken) {
  Lines lines;
  int count = 0;
  EXPECT_EQ(lines.add("a\nb\nc\n", [&](std::string_view) { return ++count < 2; }),
            Outcome::kEnough);
  EXPECT_EQ(count, 2);
}

TEST(Lines, HaveALargestSizeWithAndWithoutAnEnd) {
  const std::string largest(Lines::kSizeMax, 'x');
  int count = 0;
  const auto take = [&](std::string_view line) {
    EXPECT_EQ(line.size(), largest.size());
    ++count;
    return true;
  };
  Lines lines;
  EXPECT_EQ(lines.add(largest, take), Outcome::kMore);
  EXPECT_EQ(lines.add("\n", take), Outcome::kMore);
  EXPECT_EQ(lines.add(largest + "\n", take), Outcome::kMore);
  EXPECT_EQ(count, 2);
  EXPECT_EQ(lines.add(largest + "x\n", take), Outcome::kTooLong);
  EXPECT_EQ(Lines().add(largest + "x", take), Outcome::kTooLong);
  EXPECT_EQ(count, 2);
}

}  // namespace
}  // namespace framespec::conformance
