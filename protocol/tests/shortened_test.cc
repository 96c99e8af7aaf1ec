#include "framespec/shortened.h"

#include <gtest/gtest.h>

namespace framespec {
namespace {

TEST(Shortened, LeavesAloneWhatFits) {
  EXPECT_EQ(shortened("", 4), "");
  EXPECT_EQ(shortened("four", 4), "four");
  EXPECT_EQ(shortened(std::string(kShownSizeMax, 'x')), std::string(kShownSizeMax, 'x'));
}

TEST(Shortened, KeepsTheBeginningOfTheRest) {
  EXPECT_EQ(shortened("fives", 4), "five...");
  EXPECT_EQ(shortened(std::string(70'000, 'x')), std::string(kShownSizeMax, 'x') + "...");
}

TEST(Shortened, NeverEndsInsideACharacter) {
  EXPECT_EQ(shortened("aé.", 2), "a...");
  EXPECT_EQ(shortened("aé.", 3), "aé...");
  EXPECT_EQ(shortened("€€", 5), "€...");
  EXPECT_EQ(shortened("😀😀", 7), "😀...");
  EXPECT_EQ(shortened("😀😀", 3), "...");
}

TEST(Shortened, TakesBytesThatAreNoCharactersAsTheyCome) {
  EXPECT_EQ(shortened("\x80\x80\x80\x80\x80\x80", 4), "\x80\x80\x80\x80...");
}

}  // namespace
}  // namespace framespec
