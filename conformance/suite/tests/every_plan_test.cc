// Every plan of every shipped dialect, held against two readings of SPEC.md: the library's deframer
// under the plan's own segmentation, and the model, which shares no code with it. A wrong case
// cannot land.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>

#include "framespec/prefix.h"
#include "framespec/transcript.h"
#include "reference_model.h"
#include "suite/segmentation_family.h"
#include "suite/suite.h"
#include "suite/suite_case.h"

namespace framespec::conformance {
namespace {

/// All that happens on one connection, seen from behind.
struct Conversation {
  ByteVector stream;
  std::vector<std::uint64_t> cuts;
  std::vector<ExpectedFrame> expected;
  ExpectedFrame flood_answer;
  bool is_finished = false;
  bool is_aborted = false;
  bool is_close_expected = false;
};

void add_send(Conversation& conversation, const Plan& plan, const Send& send) {
  const auto base = conversation.stream.size();
  if (base > 0 && !send.bytes.empty()) conversation.cuts.push_back(base);
  if (send.arrival) {
    const auto segmentation =
        Segmentation::parse(plan.segmentation, send.bytes.size(), send.frame_ends);
    ASSERT_TRUE(segmentation) << plan.id << ": " << segmentation.error();
    ASSERT_TRUE(std::ranges::equal(segmentation->cuts(), send.arrival->cuts)) << plan.id;
    for (const auto cut : send.arrival->cuts) conversation.cuts.push_back(base + cut);
  }
  conversation.stream.insert(conversation.stream.end(), send.bytes.begin(), send.bytes.end());
}

std::map<std::string, Conversation> conversations_of(const Plan& plan) {
  std::map<std::string, Conversation> all;
  for (const auto& step : plan.steps) {
    auto& conversation = all[step.connection];
    if (const auto* send = std::get_if<Send>(&step.action)) add_send(conversation, plan, *send);
    if (const auto* flood = std::get_if<Flood>(&step.action)) {
      add_send(conversation, plan, {.bytes = flood->bytes, .frame_ends = {}});
      conversation.flood_answer = flood->answer;
    }
    if (std::holds_alternative<ExpectFlood>(step.action)) {
      conversation.expected.push_back(conversation.flood_answer);
    }
    if (const auto* frames = std::get_if<ExpectFrames>(&step.action)) {
      conversation.expected.insert(conversation.expected.end(), frames->frames.begin(),
                                   frames->frames.end());
    }
    conversation.is_finished |= std::holds_alternative<Finish>(step.action);
    conversation.is_aborted |= std::holds_alternative<Abort>(step.action);
    if (const auto* closed = std::get_if<ExpectClosed>(&step.action)) {
      conversation.is_close_expected = true;
      // Time is up, which is no matter of bytes.
      conversation.is_finished |= closed->within.has_value();
    }
  }
  return all;
}

/// What the plan expects that the transcript does not bear out, or nothing.
std::string difference(const Conversation& conversation, const Transcript& transcript) {
  const bool is_bad = transcript.terminal == TerminalState::kRejected;
  // The answers to what came before a reset are not waited for.
  if (conversation.is_aborted) return "";
  if (transcript.frames.size() != conversation.expected.size()) {
    return "expects " + std::to_string(conversation.expected.size()) + " frames:\n" +
           to_string(transcript);
  }
  for (std::size_t i = 0; i < transcript.frames.size(); ++i) {
    const auto& frame = transcript.frames[i];
    const auto& expected = conversation.expected[i];
    const bool is_same_name = !frame.header || frame.header->filename == expected.filename;
    if (as_text(frame.payload) != as_text(expected.payload) || frame.lead != expected.lead ||
        !is_same_name) {
      return "expects another frame " + std::to_string(i) + ":\n" + to_string(transcript);
    }
  }
  if (conversation.is_close_expected != (is_bad || conversation.is_finished)) {
    return std::string(conversation.is_close_expected ? "expects a close" : "expects no close") +
           ":\n" + to_string(transcript);
  }
  return "";
}

/// Whether the stream goes on until the prefix or trailer with the error is whole, and what every
/// payload begins with. No case that must hold may ask for a refusal before (PFX-1 and TRL-1; PFX-9
/// and TRL-2 are a SHOULD).
bool is_wrong_field_whole(const Dialect& dialect, Bytes stream, const Transcript& transcript) {
  if (transcript.terminal != TerminalState::kRejected || dialect.header == HeaderKind::kJson) {
    return true;
  }
  const auto& frames = transcript.frames;
  const Bytes frame = stream.subspan(frames.empty() ? 0 : frames.back().delivered_at);
  if (transcript.error->kind == ErrorKind::kBadTrailer) {
    const auto prefix = decode_prefix(dialect, frame);
    return frame.size() >= (*prefix)->size + (*prefix)->body_size + dialect.trailer.size();
  }
  // A varint may be wrong because it does not end; no dialect that has one has a fixed part.
  if (dialect.length.encoding == LengthEncoding::kVarint) return dialect.payload_size_min == 0;
  const bool has_fixed_part = dialect.zero == ZeroRule::kIllegal;
  return frame.size() >=
         dialect.prefix_size_max() + (has_fixed_part ? dialect.legal_payload_size(1).value() : 0);
}

bool ends_open(const Conversation& conversation, const Transcript& transcript) {
  return !conversation.is_finished && !conversation.is_aborted &&
         transcript.terminal == TerminalState::kClean;
}

/// What the model says of the streams of one dialect. The plans of a case differ in their cuts
/// alone, which the model does not see: what it said last of the same bytes holds.
class Models {
 public:
  const Transcript& of(const Dialect& dialect, const std::string& connection, Bytes stream) {
    auto& last = last_[connection];
    if (!last || as_text(last->stream) != as_text(stream)) {
      last = {{stream.begin(), stream.end()},
              model::transcript_of(dialect, stream, DigestCheck::kVerify)};
    }
    return last->transcript;
  }

 private:
  struct Said {
    ByteVector stream;
    Transcript transcript;
  };
  std::map<std::string, std::optional<Said>> last_;
};

void check_plan(const Plan& plan, Models& models) {
  bool is_main_open = true;
  for (const auto& [name, conversation] : conversations_of(plan)) {
    const auto& model = models.of(*plan.dialect, name, conversation.stream);
    EXPECT_EQ(difference(conversation, model), "") << plan.id << " on " << name;
    EXPECT_TRUE(plan.level != Level::kMust || !conversation.is_close_expected ||
                is_wrong_field_whole(*plan.dialect, conversation.stream, model))
        << plan.id << " asks for a refusal before the field is whole";
    const auto segmentation = Segmentation::at(conversation.stream.size(), conversation.cuts);
    const auto actual =
        transcribe(*plan.dialect, conversation.stream, segmentation, DigestCheck::kVerify);
    EXPECT_EQ(model::disagreement(model, actual, segmentation), "") << plan.id << " on " << name;
    if (name == "main") is_main_open = ends_open(conversation, model);
  }
  EXPECT_EQ(plan.after == After::kMainOpen, is_main_open) << plan.id;
}

class EveryPlan : public testing::TestWithParam<const Dialect*> {};

TEST_P(EveryPlan, ExpectsWhatSpecMdSays) {
  const auto set = SuiteSet::built_in();
  ASSERT_TRUE(set) << to_string(set.error());
  const PlanSource source(*set, *GetParam(),
                          {.payload_max = 150'000, .filters = {}, .excludes = {}});
  Models models;
  for (const auto& entry : source.entries()) check_plan(source.build(entry), models);
  EXPECT_GT(source.entries().size(), 500U);
  for (const auto& item : source.not_applicable()) {
    EXPECT_FALSE(item.is_lost) << item.id << ": " << item.reason;
  }
}

std::vector<const Dialect*> all_dialects() {
  std::vector<const Dialect*> dialects;
  for (const auto& dialect : shipped_dialects()) {
    if (dialect.requests == RequestFraming::kFramed) dialects.push_back(&dialect);
  }
  return dialects;
}

INSTANTIATE_TEST_SUITE_P(Shipped, EveryPlan, testing::ValuesIn(all_dialects()),
                         [](const auto& dialect) {
                           auto name = dialect.param->name;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

/// Dialects whose lengths cannot say every size: nothing is lost for that.
TEST(EveryPlanOfARareLength, IsThereAndExpectsWhatSpecMdSays) {
  const auto set = SuiteSet::built_in();
  for (const std::string length :
       {R"("width": 2, "adjustment": 40)", R"("width": 2, "adjustment": 72)",
        R"("width": 2, "unit": 512)", R"("width": 4, "unit": 8, "adjustment": 5)",
        R"("width": 1, "unit": 4, "adjustment": -4)",
        R"("width": 2, "unit": 512, "adjustment": -7)"}) {
    const auto dialect =
        parse_dialect(R"({"name": "rare", "length": {"order": "big", )" + length + "}}");
    ASSERT_TRUE(dialect) << length;
    const PlanSource source(*set, *dialect,
                            {.payload_max = 150'000, .filters = {}, .excludes = {"memory/*"}});
    EXPECT_GT(source.entries().size(), 900U) << length;
    EXPECT_TRUE(source.build("sanity/rare/whole/echo")) << length;
    EXPECT_TRUE(source.build("length/rare/whole/largest")) << length;
    Models models;
    for (const auto& entry : source.entries()) check_plan(source.build(entry), models);
    for (const auto& item : source.not_applicable()) {
      EXPECT_FALSE(item.is_lost) << length << ": " << item.id << ": " << item.reason;
    }
  }
}

TEST(EveryPlanOfASmallLimit, IsThereForAllThatIsText) {
  const auto set = SuiteSet::built_in();
  // Thousands of frames say nothing more about the size of one.
  for (const std::string dialect : {"int32", "uint16be", "varint", "json"}) {
    for (const std::uint64_t payload_max : {1U, 2U, 3U, 17U}) {
      const PlanSource source(*set, *find_dialect(dialect),
                              {.payload_max = payload_max,
                               .frame_timeout = std::chrono::seconds(1),
                               .filters = {"*/whole/*", "*/byte_by_byte/*"},
                               .excludes = {"*thousand*"}});
      for (const auto* id : {"sanity/%/whole/echo", "segmentation/%/byte_by_byte/one_frame",
                             "length/%/whole/too_large-by_one"}) {
        std::string plan = id;
        plan.replace(plan.find('%'), 1, dialect);
        EXPECT_TRUE(source.build(plan)) << plan << " up to " << payload_max;
      }
      Models models;
      for (const auto& entry : source.entries()) check_plan(source.build(entry), models);
      for (const auto& item : source.not_applicable()) {
        EXPECT_FALSE(item.is_lost) << item.id << " up to " << payload_max << ": " << item.reason;
      }
    }
  }
}

TEST(EveryPlanOfTheLargestSize, ExpectsWhatSpecMdSays) {
  const auto set = SuiteSet::built_in();
  for (const auto* dialect : {"int32", "json"}) {
    const PlanSource source(*set, *find_dialect(dialect),
                            {.payload_max = 16U << 20U,
                             .filters = {"length/*/whole/*", "length/*/straddled/*", "memory/*"},
                             .excludes = {"*/negative*", "*/varint*"}});
    Models models;
    for (const auto& entry : source.entries()) check_plan(source.build(entry), models);
    EXPECT_GT(source.entries().size(), 20U);
  }
}

}  // namespace
}  // namespace framespec::conformance
