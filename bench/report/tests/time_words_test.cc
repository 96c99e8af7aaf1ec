#include "report/time_words.h"

#include <gtest/gtest.h>

namespace framespec::bench {
namespace {

TEST(TimeWords, HaveTheUnitOfTheirThreeDigits) {
  EXPECT_EQ(time_in_words(0.25), "0.25 ns");
  EXPECT_EQ(time_in_words(999.4), "999 ns");
  EXPECT_EQ(time_in_words(999.6), "1 us");
  EXPECT_EQ(time_in_words(999'400), "999 us");
  EXPECT_EQ(time_in_words(999'600), "1 ms");
  EXPECT_EQ(time_in_words(999'600'000), "1 s");
}

}  // namespace
}  // namespace framespec::bench
