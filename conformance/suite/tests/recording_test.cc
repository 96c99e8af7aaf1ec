#include "suite/recording.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "framespec/step_json.h"
#include "framespec/step_order.h"
#include "suite/exchange.h"

namespace framespec::conformance {
namespace {

constexpr std::string_view kHead = R"({"format":"framespec-replay/2","title":"two pings"})";
constexpr std::string_view kGreeting = R"({"on":"main","expect":"answer","text":"220\n"})";
constexpr std::string_view kPing = R"({"on":"main","do":"send","text":"PING\n"})";
constexpr std::string_view kPong = R"({"on":"main","expect":"answer","text":"+PONG\n"})";

std::string lines(const std::vector<std::string_view>& all) {
  std::string text;
  for (const std::string_view line : all) text += std::string(line) + '\n';
  return text;
}

class Plans {
 public:
  explicit Plans(Recording recording, const InvarianceOptions& options = {})
      : recording_(std::move(recording)),
        source_(suites_of(recording_, options), dialect_of(recording_)) {}
  explicit Plans(const std::string& text, const InvarianceOptions& options = {})
      : Plans(parse_recording(text).value(), options) {}

  [[nodiscard]] const PlanSource& source() const { return source_; }

  [[nodiscard]] std::set<std::string> ids() const {
    std::set<std::string> ids;
    for (const PlanEntry& entry : source_.entries()) ids.insert(entry.id);
    return ids;
  }

  /// The steps as a person would tell them.
  [[nodiscard]] std::string told(std::string_view id) const {
    const auto plan = source_.build(id);
    EXPECT_TRUE(plan) << id << ": " << plan.error();
    std::string text;
    for (const Step& step : plan.value().steps) text += to_json(step) + '\n';
    return text;
  }

 private:
  Recording recording_;
  PlanSource source_;
};

TEST(Recording, HasTurns) {
  const auto recording = parse_recording(lines({kHead, kGreeting, kPing, kPong, kPing}));
  ASSERT_TRUE(recording) << to_string(recording.error());
  EXPECT_EQ(recording->title, "two pings");
  ASSERT_EQ(recording->turns.size(), 3U);
  EXPECT_TRUE(recording->turns[0].request.bytes.empty());
  EXPECT_EQ(as_text(recording->turns[0].answer), "220\n");
  EXPECT_EQ(as_text(recording->turns[1].request.bytes), "PING\n");
  EXPECT_EQ(as_text(recording->turns[1].answer), "+PONG\n");
  EXPECT_TRUE(recording->turns[2].answer.empty()) << "it is not known";
  EXPECT_TRUE(is_unframed(dialect_of(*recording)));
}

TEST(Recording, MayEndItsStream) {
  EXPECT_TRUE(
      parse_recording(lines({kHead, kPing, kPong, R"({"on":"main","do":"finish"})"})).has_value());
}

TEST(Recording, MayEndItsStreamBeforeItsLastAnswer) {
  const std::string text = lines({kHead, kPing, R"({"on":"main","do":"finish"})", kPong});
  const auto recording = parse_recording(text);
  ASSERT_TRUE(recording) << to_string(recording.error());
  EXPECT_TRUE(recording->ends_before_answer);
  const Plans plans(text);
  const std::string told = plans.told("invariance/unframed/cut_at-2/request-1");
  EXPECT_LT(told.find("finish"), told.find("2b504f4e470a")) << told;
  EXPECT_EQ(told.find("finish"), told.rfind("finish")) << told;
}

struct Wrong {
  std::vector<std::string_view> steps;
  std::string_view error;
};

class WrongRecording : public testing::TestWithParam<Wrong> {};

TEST_P(WrongRecording, IsToldWithItsLine) {
  std::vector<std::string_view> all = {kHead};
  all.insert(all.end(), GetParam().steps.begin(), GetParam().steps.end());
  const auto recording = parse_recording(lines(all));
  ASSERT_FALSE(recording);
  EXPECT_TRUE(to_string(recording.error()).starts_with(GetParam().error))
      << to_string(recording.error());
}

INSTANTIATE_TEST_SUITE_P(
    Recording, WrongRecording,
    testing::Values(
        Wrong{{}, "line 1: $: there is no request in the file"},
        Wrong{{kGreeting}, "line 2: $: there is no request in the file"},
        Wrong{{kPing, kPing}, "line 3: $: a request follows another one"},
        Wrong{{kGreeting, kGreeting}, "line 3: $: an answer follows another one"},
        Wrong{{kPing, kPong, kPong}, "line 4: $: an answer follows another one"},
        Wrong{{R"({"on":"main","do":"send","text":"","frame_ends":[]})"},
              "line 2: $: a request has one byte at least"},
        Wrong{
            {R"({"on":"main","do":"send","text":"ab","coalesced":false,"with_end":false,"cuts":[1]})"},
            "line 2: $: framespec cuts the requests itself"},
        Wrong{{R"({"on":"other","do":"open"})"}, "line 2: $: a recording has one connection"},
        Wrong{{kPing, R"({"on":"main","do":"abort"})"}, "line 3: $: a recording has the steps"},
        Wrong{{kPing, R"({"on":"main","await":{"bytes":1}})"},
              "line 3: $: a recording has the steps"},
        Wrong{{kPing, kPong, R"({"on":"main","do":"finish"})", kPong},
              "line 5: $: nothing can follow \"finish\""},
        Wrong{{kPing, R"({"on":"main","do":"finish"})", kPong, kPing},
              R"(line 5: $: the connection "main" has ended its stream by "finish")"}));

TEST(RecordingCases, EachGoesThroughAllTurnsAndTheEnd) {
  const Plans plans(lines({kHead, kGreeting, kPing, kPong}));
  EXPECT_EQ(plans.told("invariance/unframed/cut_at-2/request-2"),
            R"({"on":"main","expect":"answer","bytes":"3232300a"})"
            "\n"
            R"({"on":"main","do":"send","bytes":"50494e470a","frame_ends":[],"coalesced":false,)"
            R"("with_end":false,"cuts":[2]})"
            "\n"
            R"({"on":"main","expect":"answer","bytes":"2b504f4e470a"})"
            "\n"
            R"({"on":"main","do":"finish"})"
            "\n"
            R"({"on":"main","expect":"answer","bytes":""})"
            "\n"
            R"({"on":"main","expect":"closed","graceful":false})"
            "\n");
}

TEST(RecordingCases, CutEachRequestAtEachByteAndEndInside) {
  const Plans plans(lines({kHead, kPing, kPong, kPing, kPong}));
  const std::set<std::string> ids = plans.ids();
  for (const std::string turn : {"1", "2"}) {
    for (const std::string at : {"1", "2", "3", "4"}) {
      const std::string inside = std::string(turn).append("-").append(at);
      EXPECT_TRUE(ids.contains(
          std::string("invariance/unframed/cut_at-").append(at).append("/request-").append(turn)));
      EXPECT_TRUE(ids.contains("invariance/unframed/whole/end_inside-" + inside));
      EXPECT_TRUE(ids.contains("invariance/unframed/whole/reset_inside-" + inside));
    }
    EXPECT_TRUE(ids.contains("invariance/unframed/byte_by_byte/request-" + turn));
    EXPECT_TRUE(ids.contains("invariance/unframed/chunk-3/request-" + turn));
    EXPECT_TRUE(ids.contains("invariance/unframed/random-1/request-" + turn));
  }
  EXPECT_TRUE(ids.contains("sanity/unframed/whole/conversation"));
  EXPECT_TRUE(ids.contains("invariance/unframed/whole+end/end_behind-2"));
  EXPECT_FALSE(ids.contains("invariance/unframed/whole+end/end_behind-1"));
}

TEST(RecordingCases, JoinNothingThatIsNotSaidToBePipelined) {
  const std::string text = lines({kHead, kGreeting, kPing, kPong, kPing, kPong, kPing, kPong});
  EXPECT_EQ(std::ranges::count_if(Plans(text).ids(),
                                  [](const std::string& id) { return id.contains("joined"); }),
            0);
  const Plans plans(text, {.is_pipelined = true});
  const std::set<std::string> ids = plans.ids();
  EXPECT_FALSE(ids.contains("invariance/unframed/whole/joined-1")) << "a greeting is no request";
  EXPECT_TRUE(ids.contains("invariance/unframed/cut_at-7/joined-2"));
  EXPECT_TRUE(ids.contains("invariance/unframed/forced_coalescing/joined-3"));
  EXPECT_FALSE(ids.contains("invariance/unframed/whole/joined-4")) << "it has no next one";
  const std::string all = plans.told("invariance/unframed/forced_coalescing/all_joined");
  EXPECT_TRUE(all.contains(R"("bytes":"50494e470a50494e470a50494e470a")")) << all;
  std::size_t answers = 0;
  for (std::size_t at = 0; (at = all.find("\"answer\"", at)) != std::string::npos; ++at) ++answers;
  EXPECT_EQ(answers, 5U) << "one for each turn, and one for the end";
}

TEST(RecordingCases, JoinNoLastRequestThatNothingAnswers) {
  const Plans two(lines({kHead, kPing, kPong, kPing}), {.is_pipelined = true});
  EXPECT_EQ(
      std::ranges::count_if(two.ids(), [](const std::string& id) { return id.contains("joined"); }),
      0);
  const Plans three(lines({kHead, kPing, kPong, kPing, kPong, kPing}), {.is_pipelined = true});
  const std::string all = three.told("invariance/unframed/forced_coalescing/all_joined");
  EXPECT_TRUE(all.contains(R"("bytes":"50494e470a50494e470a")")) << all;
}

TEST(RecordingCases, CutLongRequestsInTheProportionOfTheirSize) {
  const std::string first = R"({"on":"main","do":"send","text":")" + std::string(9000, 'x') + "\"}";
  const std::string second =
      R"({"on":"main","do":"send","text":")" + std::string(3000, 'y') + "\"}";
  const Plans plans(lines({kHead, first, kPong, second, kPong, kPing, kPong}));
  std::map<std::string, std::size_t> cuts;
  for (const std::string& id : plans.ids()) {
    if (id.contains("/cut_at-")) ++cuts[id.substr(id.rfind('/') + 1)];
  }
  EXPECT_NEAR(static_cast<double>(cuts["request-1"]), 4096 * 0.75, 2);
  EXPECT_NEAR(static_cast<double>(cuts["request-2"]), 4096 * 0.25, 2);
  EXPECT_EQ(cuts["request-3"], 4U) << "it is short";
  ASSERT_EQ(plans.source().cuts_left_out().size(), 2U);
  EXPECT_EQ(plans.source().cuts_left_out()[0].name, "request-1");
  EXPECT_EQ(plans.source().cuts_left_out()[0].of, 8999U);
  EXPECT_EQ(plans.source().cuts_left_out()[0].left_out, 8999 - cuts["request-1"]);
}

TEST(RecordingCases, CanBeCarriedOut) {
  for (const bool is_pipelined : {false, true}) {
    const Plans plans(lines({kHead, kPing, kPong, kPing, kPong, R"({"on":"main","do":"finish"})"}),
                      {.is_pipelined = is_pipelined});
    for (const PlanEntry& entry : plans.source().entries()) {
      StepOrder order;
      for (const Step& step : plans.source().build(entry).steps) {
        EXPECT_EQ(order.follow(step), "") << entry.id;
      }
      EXPECT_EQ(order.end(), "") << entry.id;
    }
  }
}

TEST(RecordingCases, AreCutAroundTheEdgesOfFrames) {
  const std::string text =
      lines({kHead, R"({"on":"main","do":"send","bytes":"0001 61 0002 6262 0009"})"});
  const Recording recording =
      with_dialect(parse_recording(text).value(), *find_dialect("uint16be"));
  EXPECT_EQ(recording.turns[0].request.frame_ends, (std::vector<std::uint64_t>{3, 7}))
      << "as far as they are frames";
  const Plans plans(recording);
  for (const PlanEntry& entry : plans.source().entries()) {
    if (entry.segmentation == "straddled") return;
  }
  FAIL() << "no cut through an edge";
}

}  // namespace
}  // namespace framespec::conformance
