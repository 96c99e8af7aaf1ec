// Replays as tests and as cases: of everything that the suites play, and of what nobody would.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "framespec/hex.h"
#include "report/cpp_text.h"
#include "report/replay_as_case.h"
#include "report/replay_as_test.h"
#include "report/replay_stream.h"
#include "suite/suite.h"

namespace framespec::conformance {
namespace {

Replay replay_of(const Plan& plan) {
  Replay replay;
  replay.id = plan.id;
  replay.title = plan.title;
  replay.rules = plan.rules;
  replay.dialect = *plan.dialect;
  replay.main_stays_open = plan.after == After::kMainOpen;
  replay.steps = plan.steps;
  return replay;
}

/// What a refusal is about, without the figures in it.
std::string reason_of(const std::string& refusal) {
  const std::size_t colon = refusal.rfind(": ");
  std::string reason = refusal.substr(colon == std::string::npos ? 0 : colon + 2);
  std::erase_if(reason, [](char c) { return c >= '0' && c <= '9'; });
  return reason;
}

class OfEveryCase : public testing::TestWithParam<const char*> {};

// Of each case unsplit, and of each kind of segmentation one.
TEST_P(OfEveryCase, ATestAndACaseIsMadeOrTheReasonIsTold) {
  const auto suites = SuiteSet::built_in();
  ASSERT_TRUE(suites) << to_string(suites.error());
  ExpandOptions options;
  options.payload_max = 100'000;
  options.frame_timeout = std::chrono::seconds(1);
  options.with_long = true;
  const PlanSource source(*suites, *find_dialect(GetParam()), options);
  std::map<std::string, std::size_t> seen;
  std::map<std::string, std::size_t> refused;
  std::size_t tests = 0;
  std::size_t cases = 0;
  for (const PlanEntry& entry : source.entries()) {
    const std::string kind = entry.segmentation.substr(0, entry.segmentation.find_first_of("-+"));
    if (seen[entry.control_id + kind]++ > 0) continue;
    const Replay replay = replay_of(source.build(entry));
    const auto test = as_test(replay, source.dialect());
    const auto suite = as_case(replay, source.dialect());
    if (test) ++tests;
    if (suite) ++cases;
    if (!test) ++refused["test: " + reason_of(test.error())];
    if (!suite) ++refused["case: " + reason_of(suite.error())];
    if (!suite) {
      const std::string reason = reason_of(suite.error());
      EXPECT_TRUE(reason.starts_with("more than ") || reason.starts_with("a case measures"))
          << entry.id << ": " << suite.error();
    }
  }
  std::string reasons;
  for (const auto& [reason, count] : refused)
    reasons += std::to_string(count) + " " + reason + '\n';
  EXPECT_GT(tests, seen.size() * 8 / 10) << reasons;
  EXPECT_GT(cases, seen.size() * 9 / 10) << reasons;
}

INSTANTIATE_TEST_SUITE_P(Replay, OfEveryCase,
                         testing::Values("int32", "json", "varint", "grpc", "dns-tcp",
                                         "postgresql"));

TEST(ReplayAsTest, EscapesWhateverTheWordsAre) {
  EXPECT_EQ(cpp_literal("a\"b\\c?\?/\n\xff", 0), R"("a\"b\\c\?\?/\012\377")");
  EXPECT_EQ(cpp_literal(std::string(81, 'x'), 2), '"' + std::string(80, 'x') + "\"\n  \"x\"");
  EXPECT_EQ(cpp_comment("a?\?/ \\"), "a?<3f>/ <5c>");
  EXPECT_EQ(cpp_comment("*/ \n\xe2\x80\xae"), "*/ <5c>x0a<5c>xe2<5c>x80<5c>xae");
  EXPECT_LT(cpp_comment(std::string(100'000, '?')).size(), 2000U);
  EXPECT_EQ(cpp_name("length/int32/cut_at-2/empty", "x"), "LengthInt32CutAt2Empty");
  EXPECT_EQ(cpp_name("2nd", "x"), "R2nd");
  EXPECT_EQ(cpp_name("\xc3\xbc /*", "Otherwise"), "Otherwise");
  EXPECT_LE(cpp_name(std::string(1000, 'x'), "x").size(), 100U);
}

TEST(ReplayStream, SaysRepeatedBytesOnce) {
  ByteVector bytes(3, std::byte{7});
  bytes.back() = std::byte{8};
  for (int i = 0; i < 1000; ++i) {
    bytes.push_back(std::byte{1});
    bytes.push_back(std::byte{2});
  }
  bytes.push_back(std::byte{1});
  bytes.push_back(std::byte{9});
  const auto parts = repetitions_of(bytes);
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(write_hex(parts[0].unit), "070708");
  EXPECT_EQ(write_hex(parts[1].unit), "0102");
  EXPECT_EQ(parts[1].times, 1000U);
  EXPECT_EQ(write_hex(parts[2].unit), "0109");
  EXPECT_TRUE(repetitions_of({}).empty());
}

TEST(ReplayStream, GivesTheSameBytes) {
  ByteVector bytes;
  std::uint32_t state = 1;
  for (int i = 0; i < 20'000; ++i) {
    state = state * 1664525U + 1013904223U;
    // Long stretches of few values among others.
    const bool is_calm = (i / 700) % 2 == 0;
    bytes.push_back(static_cast<std::byte>(is_calm ? i / 700 : static_cast<int>(state >> 24U)));
  }
  ByteVector again;
  for (const Repetition& part : repetitions_of(bytes)) {
    for (std::uint64_t i = 0; i < part.times; ++i) {
      again.insert(again.end(), part.unit.begin(), part.unit.end());
    }
  }
  EXPECT_EQ(again, bytes);
}

TEST(ReplayAsCase, TakesAnyIdForAName) {
  const auto suites = SuiteSet::built_in();
  const PlanSource source(*suites, *find_dialect("int32"));
  Replay replay = replay_of(*source.build("length/int32/cut_at-2/empty"));
  for (const auto& [id, name] : {std::pair("", "\"name\": \"played\""),
                                 std::pair("a/b/c/\"D-\xc3\xbc", "\"name\": \"a__d___\""),
                                 std::pair("plain", "\"name\": \"plain\"")}) {
    replay.id = id;
    replay.title = replay.id;
    replay.rules = {"NO-1", "SEG-1", "SEG-1"};
    const auto text = as_case(replay, source.dialect());
    ASSERT_TRUE(text) << text.error();
    EXPECT_NE(text->find(name), std::string::npos) << *text;
    EXPECT_EQ(text->find("NO-1"), std::string::npos) << *text;
  }
}

}  // namespace
}  // namespace framespec::conformance
