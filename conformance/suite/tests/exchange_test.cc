#include "suite/exchange.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "framespec/step_json.h"
#include "framespec/step_order.h"
#include "suite/suite.h"

namespace framespec::conformance {
namespace {

using Like = ExpectExit::Like;

constexpr std::string_view kHead = R"({"format":"framespec-replay/2"})";
constexpr std::string_view kPing = R"({"format":"framespec-replay/2"})"
                                   "\n\n"
                                   R"({"on":"main","await":{"until_text":"PING\r\n"}})"
                                   "\n"
                                   R"({"on":"main","do":"send","text":"+PONG\r\n"})"
                                   "\n";

/// Two turns of frames; of the first request bytes 2 and 3 are in its answer.
std::string two_turns(RequestFraming requests = RequestFraming::kFramed) {
  Dialect of_frames = *find_dialect("uint16be");
  of_frames.requests = requests;
  std::string dialect = to_json(of_frames);
  std::erase(dialect, '\n');
  return R"({"format":"framespec-replay/2","dialect":)" + dialect +
         "}\n"
         R"({"on":"main","await":{"frame":"uint16be"}})"
         "\n"
         R"({"on":"main","do":"send","bytes":"0003 000061","copies":[{"from":2,"to":2,"size":2}]})"
         "\n"
         R"({"on":"main","await":{"frame":"uint16be"}})"
         "\n"
         R"({"on":"main","do":"send","bytes":"0001 62 0000"})"
         "\n";
}

class Plans {
 public:
  explicit Plans(std::string_view text, ExpandOptions options = {})
      : exchange_(parse_exchange(text).value()),
        source_(suites_of(exchange_), dialect_of(exchange_), std::move(options)) {}

  [[nodiscard]] const PlanSource& source() const { return source_; }

  [[nodiscard]] Plan plan(std::string_view id) const {
    auto plan = source_.build(id);
    EXPECT_TRUE(plan) << id << ": " << plan.error();
    return plan.value();
  }

  [[nodiscard]] bool has(std::string_view id) const { return source_.build(id).has_value(); }

  /// The steps as a person would tell them, the answers in hex.
  [[nodiscard]] std::string told(std::string_view id) const {
    std::string text;
    for (const Step& step : plan(id).steps) text += to_json(step) + '\n';
    return text;
  }

 private:
  Exchange exchange_;
  PlanSource source_;
};

Like like_of(const Plan& plan) { return std::get<ExpectExit>(plan.steps.back().action).like; }

TEST(Exchange, IsReadFromAnAnswerFile) {
  const auto exchange = parse_exchange(kPing);
  ASSERT_TRUE(exchange) << to_string(exchange.error());
  ASSERT_EQ(exchange->turns.size(), 2U);
  EXPECT_FALSE(exchange->is_finished);
  EXPECT_EQ(dialect_of(*exchange).name, "unframed");
  const auto finished = parse_exchange(std::string(kPing) + R"({"on":"main","do":"finish"})");
  ASSERT_TRUE(finished) << to_string(finished.error());
  EXPECT_TRUE(finished->is_finished);
  EXPECT_EQ(finished->turns, exchange->turns);
}

struct Wrong {
  std::string lines;  // behind the head
  std::string told;
};

class WrongAnswerFile : public testing::TestWithParam<Wrong> {};

TEST_P(WrongAnswerFile, IsToldWithWhatToDo) {
  const auto exchange = parse_exchange(std::string(kHead) + "\n" + GetParam().lines);
  ASSERT_FALSE(exchange) << GetParam().lines;
  const std::string told = to_string(exchange.error());
  EXPECT_TRUE(told.starts_with(GetParam().told)) << told;
}

INSTANTIATE_TEST_SUITE_P(
    Exchange, WrongAnswerFile,
    testing::Values(
        Wrong{"", "line 1: $: there is no answer in the file; a line such as "},
        Wrong{"\n\n"
              R"({"on":"main","await":{"bytes":1}})",
              "line 4: $: there is no answer"},
        Wrong{R"({"on":"main","do":"send","text":""})", "line 2: $.bytes: an answer has one byte"},
        Wrong{R"({"on":"main","do":"send","text":"ab","coalesced":false,"with_end":false,)"
              R"("cuts":[1]})",
              "line 2: $.cuts: framespec cuts the answers itself; leave out "},
        Wrong{R"({"on":"main","do":"send","text":"ab","copies":[{"from":0,"to":0,"size":2}]})",
              "line 2: $: it copies from a request, and none was awaited"},
        Wrong{R"({"on":"main","do":"send","text":"ab"})"
              "\n\r\n"
              R"({"on":"main","expect":"exit","like":"control"})",
              "line 4: $: an answer file has the steps \"await\" and \"send\""},
        Wrong{R"({"on":"main","do":"abort"})", "line 2: $: an answer file has the steps"},
        Wrong{R"({"on":"b","do":"open"})"
              "\n"
              R"({"on":"b","do":"send","text":"ab"})",
              "line 2: $.on: an exchange has one connection"},
        Wrong{R"({"on":"main","do":"finish"})"
              "\n"
              R"({"on":"main","await":{"bytes":1}})",
              "line 2: $.do: \"finish\" can only be the last step"},
        Wrong{R"({"on":"main","do":"send","text":"ab"})"
              "\n"
              R"({"on":"main","do":"finish","at_once":true})",
              "line 3: $.at_once: the answers go first"},
        Wrong{R"({"on":"main","do":"jump"})", "line 2: $.do: \"jump\" is not allowed"}));

TEST(ExchangeCases, AnAnswerIsCutAndTheClientEndsAsUnsplit) {
  EXPECT_EQ(Plans(kPing).told("exchange/unframed/cut_at-3/answer-1"),
            R"({"on":"main","await":{"until":"50494e470d0a"}})"
            "\n"
            R"({"on":"main","do":"send","bytes":"2b504f4e470d0a","frame_ends":[],)"
            R"("coalesced":false,"with_end":false,"cuts":[3]})"
            "\n"
            R"({"on":"main","expect":"exit","like":"control"})"
            "\n");
}

TEST(ExchangeCases, NothingIsAskedWhenTheClientHasEnded) {
  const Plans plans(kPing);
  for (const PlanEntry& entry : plans.source().entries()) {
    EXPECT_EQ(entry.after, After::kTesteeEnded) << entry.id;
    EXPECT_EQ(plans.source().build(entry).after, After::kTesteeEnded) << entry.id;
  }
}

TEST(ExchangeCases, OfAShortAnswerEveryCutIsThere) {
  const Plans plans(kPing);
  std::set<std::string> ids;
  for (const PlanEntry& entry : plans.source().entries()) ids.insert(entry.id);
  for (int at = 1; at < 7; ++at) {
    EXPECT_TRUE(ids.contains("exchange/unframed/cut_at-" + std::to_string(at) + "/answer-1"));
  }
  for (const auto* id :
       {"sanity/unframed/whole/exchange", "exchange/unframed/whole/answer-1",
        "exchange/unframed/byte_by_byte/answer-1", "exchange/unframed/forced_coalescing/answer-1",
        "exchange/unframed/random-1/answer-1", "exchange/unframed/forced_coalescing/twice-1",
        "exchange/unframed/whole+end/end_behind-1", "exchange/unframed/whole/end_inside-1-0",
        "exchange/unframed/whole/end_inside-1-6", "exchange/unframed/whole/reset_inside-1-0",
        "exchange/unframed/whole/reset_behind-1", "exchange/unframed/whole/early-1"}) {
    EXPECT_TRUE(ids.contains(id)) << id;
  }
  EXPECT_FALSE(ids.contains("exchange/unframed/whole/end_inside-1-7"));
  EXPECT_FALSE(plans.has("exchange/unframed/whole/end_inside-1-7"));
  EXPECT_FALSE(plans.has("exchange/unframed/whole/joined-1"));
  EXPECT_TRUE(plans.source().not_applicable().empty());
}

/// Each plan can be carried out, has a control, and is found again by its id.
TEST(ExchangeCases, ArePlansAsAnyOther) {
  for (const std::string& text :
       {std::string(kPing), two_turns(), std::string(kPing) + R"({"on":"main","do":"finish"})"}) {
    const Plans plans(text);
    std::set<std::string> ids;
    for (const PlanEntry& entry : plans.source().entries()) {
      EXPECT_TRUE(ids.insert(entry.id).second) << entry.id;
      EXPECT_TRUE(ids.contains(entry.control_id)) << entry.id;
      const Plan plan = plans.source().build(entry);
      EXPECT_EQ(plans.plan(entry.id).steps, plan.steps) << entry.id;
      StepOrder order;
      for (const Step& step : plan.steps) {
        EXPECT_EQ(order.follow(step), "") << entry.id;
        EXPECT_EQ(parse_step(to_json(step)).value(), step) << entry.id;
      }
      EXPECT_EQ(order.end(), "") << entry.id;
      EXPECT_FALSE(explain(plan).contains("sentinel")) << entry.id;
    }
  }
}

TEST(ExchangeCases, AnySegmentationCanBeNamed) {
  const Plans plans(two_turns());
  const Plan plan = plans.plan("exchange/uint16be/cuts-1-4/answer-2");
  EXPECT_EQ(std::get<Send>(plan.steps[3].action).arrival->cuts, (std::vector<std::uint64_t>{1, 4}));
  EXPECT_FALSE(plans.has("exchange/uint16be/cuts-1-5/answer-2"));
  EXPECT_FALSE(plans.has("exchange/uint16be/whole/answer-3"));
}

TEST(ExchangeCases, PartOfAKnownFrameMustNotBeTakenForAllOfIt) {
  const Plans framed(two_turns());
  const std::vector<Like> expected = {Like::kAnything, Like::kNotControl, Like::kNotControl,
                                      Like::kAnything, Like::kNotControl};
  for (std::size_t at = 0; at < expected.size(); ++at) {
    for (const auto* name : {"end_inside-2-", "reset_inside-2-"}) {
      const Plan plan = framed.plan("exchange/uint16be/whole/" + (name + std::to_string(at)));
      EXPECT_EQ(like_of(plan), expected[at]) << plan.id;
    }
  }
  EXPECT_EQ(like_of(Plans(kPing).plan("exchange/unframed/whole/end_inside-1-3")), Like::kAnything);
}

TEST(ExchangeCases, AnAnswerThatIsCutOffHasWhatIsLeftOfItsCopies) {
  EXPECT_EQ(Plans(two_turns()).told("exchange/uint16be/whole/end_inside-1-3"),
            R"({"on":"main","await":{"frame":"uint16be"}})"
            "\n"
            R"({"on":"main","do":"send","bytes":"000300","frame_ends":[],)"
            R"("copies":[{"from":2,"to":2,"size":1}],"coalesced":false,"with_end":false,"cuts":[]})"
            "\n"
            R"({"on":"main","do":"finish"})"
            "\n"
            R"({"on":"main","expect":"exit","unlike":"control"})"
            "\n");
}

TEST(ExchangeCases, AnAnswerThatComesTwiceHasItsCopiesTwice) {
  const Plans plans(two_turns());
  const Plan plan = plans.plan("exchange/uint16be/forced_coalescing/twice-1");
  const auto& send = std::get<Send>(plan.steps[1].action);
  EXPECT_EQ(send.bytes.size(), 10U);
  EXPECT_EQ(send.frame_ends, (std::vector<std::uint64_t>{5, 10}));
  EXPECT_EQ(send.copies, (std::vector<step::Copy>{{2, 2, 2}, {2, 7, 2}}));
  EXPECT_TRUE(send.arrival->is_coalesced);
}

TEST(ExchangeCases, WhatFollowsTheLastFrameMustNotBeInTheOutput) {
  const Plans framed(two_turns());
  EXPECT_EQ(like_of(framed.plan("exchange/uint16be/whole/twice-1")), Like::kAnything);
  EXPECT_EQ(like_of(framed.plan("exchange/uint16be/whole/twice-2")), Like::kControlIfSameStatus);
  EXPECT_EQ(like_of(Plans(kPing).plan("exchange/unframed/whole/twice-1")), Like::kAnything);
}

TEST(ExchangeCases, WhatIsEarlyIsBeforeItsRequestAndWithoutPartsOfIt) {
  const Plans plans(two_turns());
  EXPECT_FALSE(plans.has("exchange/uint16be/whole/early-1"));
  const Plan early = plans.plan("exchange/uint16be/whole/early-2");
  EXPECT_EQ(early.level, Level::kMay);
  ASSERT_EQ(early.steps.size(), 5U);
  EXPECT_TRUE(std::holds_alternative<Send>(early.steps[2].action));
  EXPECT_TRUE(std::holds_alternative<Await>(early.steps[3].action));
  const Plan joined = plans.plan("exchange/uint16be/forced_coalescing/joined-1");
  EXPECT_EQ(joined.level, Level::kMay);
  EXPECT_EQ(std::get<Send>(joined.steps[1].action).frame_ends,
            (std::vector<std::uint64_t>{5, 8, 10}));
}

TEST(ExchangeCases, ARunStaysBoundedHoweverManyAnswersThereAre) {
  std::string text(kHead);
  for (int turn = 0; turn < 50; ++turn) {
    text +=
        "\n"
        R"({"on":"main","await":{"bytes":1}})"
        "\n"
        R"({"on":"main","do":"send","text":")" +
        std::string(1000, 'x') + "\"}";
  }
  EXPECT_LT(Plans(text).source().entries().size(), 50U * 80U);
}

TEST(ExchangeCases, AreMadeOfEachAnswerFileOfTheTestees) {
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(FRAMESPEC_CLIENTS_DIR)) {
    if (entry.path().extension() != ".ndjson") continue;
    ++files;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto exchange = parse_exchange(text);
    ASSERT_TRUE(exchange) << entry.path() << ": " << to_string(exchange.error());
    EXPECT_GT(Plans(text).source().entries().size(), 50U) << entry.path();
  }
  EXPECT_GE(files, 8U);
}

TEST(ExchangeCases, RequestsNeedNoFrames) {
  const Plans plans(two_turns(RequestFraming::kRaw));
  EXPECT_TRUE(plans.source().not_applicable().empty());
  EXPECT_FALSE(plans.source().entries().empty());
}

}  // namespace
}  // namespace framespec::conformance
