#include "framespec/step_order.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace framespec {
namespace {

using namespace step;

Step on(std::string connection, Action action) {
  return {.connection = std::move(connection), .action = std::move(action)};
}

Send send(bool is_with_end = false) {
  return {.bytes = ByteVector(1),
          .frame_ends = {},
          .arrival = Arrival{.cuts = {}, .is_with_end = is_with_end}};
}

Flood flood(bool goes_on = false) {
  return {.bytes = ByteVector(1), .total_bytes = 9, .goes_on = goes_on, .answer = {}};
}

/// What is said of the first step that cannot be carried out, or of the end.
Await request() { return {AwaitBytes{.size = 9}}; }

/// An answer that has bytes 2 and 3 of the request in it.
Send copying() {
  return {.bytes = {std::byte{1}, std::byte{2}},
          .frame_ends = {},
          .copies = {{.from = 2, .to = 0, .size = 2}}};
}

std::string wrong_with(const std::vector<Step>& steps) {
  StepOrder order;
  for (const Step& step : steps) {
    if (std::string wrong = order.follow(step); !wrong.empty()) return wrong;
  }
  return order.end();
}

TEST(StepOrder, LetsPassWhatCanBeCarriedOut) {
  for (const std::vector<Step>& steps : std::vector<std::vector<Step>>{
           {},
           {on("main", ExpectFrames{})},
           {on("main", send()), on("main", ExpectFrames{}), on("main", send()),
            on("main", Finish{}), on("main", ExpectFrames{}), on("main", ExpectClosed{})},
           {on("main", send(true)), on("main", Finish{}), on("main", ExpectClosed{})},
           {on("b", Open{}), on("b", Abort{}), on("c", Open{}), on("c", Pause{})},
           {on("main", flood()), on("main", ExpectStalled{}), on("main", Finish{}),
            on("main", ExpectFlood{}), on("main", ExpectClosed{})},
           {on("main", flood(true)), on("main", Abort{})},
           {on("main", MeasureWork{.name = "a"}), on("main", MeasureWork{.name = "b"}),
            on("main", ExpectWork{.of = "a", .against = "b"})},
           {on("main", ExpectMemoryGrowth{}), on("main", ExpectDescriptorGrowth{}), on("b", Open{}),
            on("b", send())},
           {on("main", request()), on("main", copying()), on("main", copying()),
            on("main", request()), on("main", Finish{}), on("main", request()),
            on("main", ExpectExit{})},
           {on("main", Abort{}), on("main", ExpectExit{})}}) {
    EXPECT_EQ(wrong_with(steps), "");
  }
}

struct Wrong {
  std::vector<Step> steps;
  std::string told;
};

class WrongOrder : public testing::TestWithParam<Wrong> {};

TEST_P(WrongOrder, IsToldWithWhatToDo) { EXPECT_EQ(wrong_with(GetParam().steps), GetParam().told); }

INSTANTIATE_TEST_SUITE_P(
    StepOrder, WrongOrder,
    testing::Values(
        Wrong{{on("b", send())},
              R"(there is no connection "b" yet; there are "main", and {"on":"b","do":"open"})"
              " makes it"},
        Wrong{{on("main", Open{})},
              R"(the connection "main" is there already; there are "main", and another one needs )"
              "another name"},
        Wrong{{on("main", Abort{}), on("main", ExpectClosed{})},
              R"(the connection "main" was reset by "abort": nothing can be done on it any more)"},
        Wrong{{on("main", Finish{}), on("main", Finish{})},
              R"(the connection "main" has ended its stream by "finish": it can only expect now)"},
        Wrong{{on("main", send(true)), on("main", send())},
              R"(the connection "main" has sent the end of its stream with its last bytes: )"
              "nothing can follow"},
        Wrong{{on("main", ExpectFrames{.frames = {ExpectedFrame{}}})},
              R"(nothing was sent on the connection "main", so there is no answer to expect)"},
        Wrong{{on("main", flood()), on("main", ExpectFrames{})},
              R"(the connection "main" is in a flood: {"on":"main","expect":"flood"}, or )"
              R"({"on":"main","do":"abort"}, must end that before anything else)"},
        Wrong{{on("main", flood())},
              R"(the answers to the flood on the connection "main" are never expected: add )"
              R"({"on":"main","expect":"flood"}, or {"on":"main","do":"abort"})"},
        Wrong{{on("main", ExpectFlood{})},
              R"(the connection "main" is not in a flood: there are no answers to one)"},
        Wrong{{on("main", flood(true)), on("main", ExpectStalled{})},
              R"(the connection "main" is not in a flood whose answers are not read: )"
              "nothing stalls"},
        Wrong{{on("main", MeasureWork{.name = "a"}),
               on("main", ExpectWork{.of = "a", .against = "b"})},
              R"(no work is measured as "b"; a step {"on":"main","do":"measure","name":"b"} )"
              "before the work begins that"},
        Wrong{{on("b", Open{}), on("main", request()), on("b", copying())},
              R"(it copies from a request, and none was awaited on the connection "b" before; )"
              R"({"on":"b","await":{"bytes":4}} waits for one)"},
        Wrong{{on("main", ExpectExit{}), on("main", Finish{})},
              R"(the testee has ended by {"on":"main","expect":"exit"}: nothing can be done with )"
              "it any more"},
        Wrong{{on("main", flood()), on("main", ExpectExit{})},
              R"(the answers to the flood on the connection "main" are never expected: add )"
              R"({"on":"main","expect":"flood"}, or {"on":"main","do":"abort"})"},
        Wrong{{on("main", Abort{}), on("main", request())},
              R"(the connection "main" was reset by "abort": nothing can be done on it any more)"},
        Wrong{{on("main", ExpectDescriptorGrowth{}), on("main", send())},
              R"(the connection "main" was ended when the descriptors were looked at: nothing )"
              "can be done on it any more"}));

TEST(StepOrder, StaysOnOneShortLineWhateverTheNames) {
  StepOrder order;
  for (int index = 0; index < 9; ++index) {
    EXPECT_EQ(order.follow(on("\n" + std::string(100'000, 'a') + std::to_string(index), Open{})),
              "");
  }
  const std::string told = order.follow(on("\x1b[2J\n" + std::string(100'000, 'x'), send()));
  EXPECT_NE(told.find(", …, and "), std::string::npos) << told;
  EXPECT_EQ(told.find_first_of("\n\x1b"), std::string::npos) << told;
  EXPECT_LT(told.size(), 1000U);
}

}  // namespace
}  // namespace framespec
