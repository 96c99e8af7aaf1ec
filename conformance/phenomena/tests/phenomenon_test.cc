// What is known of phenomena without playing them, and how a play ends early. That they are shown
// is tested through the program (conformance/tests/test_show.py).
#include "phenomena/phenomenon.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>

#include "phenomena/duration_text.h"

namespace framespec::phenomena {
namespace {

using namespace std::chrono_literals;

Way took(std::vector<std::chrono::nanoseconds> times) { return {.took = std::move(times)}; }

TEST(Way, HasTheMiddleRunAsItsMedian) {
  EXPECT_EQ(took({}).median(), 0ns);
  EXPECT_EQ(took({7ms}).median(), 7ms);
  EXPECT_EQ(took({40ms, 1ms, 41ms}).median(), 40ms);
  EXPECT_EQ(took({4ms, 1ms, 2ms, 3ms}).median(), 3ms);
}

TEST(Way, IsMuchSlowerFromFourTimesOn) {
  EXPECT_TRUE(is_much_slower(took({4ms}), took({1ms})));
  EXPECT_FALSE(is_much_slower(took({3999us}), took({1ms})));
}

TEST(Duration, KeepsThreeDigits) {
  EXPECT_EQ(duration_text(31us), "0.03 ms");
  EXPECT_EQ(duration_text(4312us), "4.31 ms");
  EXPECT_EQ(duration_text(43'351us), "43.4 ms");
  EXPECT_EQ(duration_text(1023'800us), "1024 ms");
}

TEST(Phenomena, EachSaysWhatToDo) {
  EXPECT_EQ(all_phenomena().size(), 6U);
  for (const Phenomenon& each : all_phenomena()) {
    EXPECT_FALSE(each.statement.empty()) << each.name;
    EXPECT_FALSE(each.advice.empty()) << each.name;
  }
}

TEST(Phenomena, EndsWhereItIsInterrupted) {
  const std::atomic<bool> interrupted = true;
  for (const Phenomenon& each : all_phenomena()) {
    const auto played = play(each.name, interrupted);
    ASSERT_FALSE(played) << each.name;
    EXPECT_EQ(played.error(), "interrupted");
  }
}

}  // namespace
}  // namespace framespec::phenomena
