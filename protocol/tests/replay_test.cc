#include "framespec/replay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace framespec {
namespace {

Replay example() {
  const ByteVector bytes = {std::byte{5}, std::byte{0}, std::byte{0}};
  return {.id = "length/int32/cut_at-1/empty",
          .title = "A \"frame\" of nothing\n is answered.",
          .rules = {"LIM-4", "SEG-1"},
          .dialect = *find_dialect("int32"),
          .main_stays_open = false,
          .origin = {.tool = "framespec 0.1.0",
                     .testee = "./server {port}",
                     .seed = std::numeric_limits<std::uint64_t>::max(),
                     .fuzz_input = "int32 cut_at-1 verify"},
          .steps = {{.connection = "main",
                     .action = step::Send{.bytes = bytes,
                                          .frame_ends = {},
                                          .arrival = step::Arrival{.cuts = {1}}}},
                    {.connection = "beside", .action = step::Open{}},
                    {.connection = "beside", .action = step::Abort{}},
                    {.connection = "main", .action = step::Finish{}},
                    {.connection = "main", .action = step::ExpectClosed{}}},
          .came = {{.connection = "main", .bytes = bytes, .size = 70'000, .end = "open"},
                   {.connection = "beside", .bytes = {}, .size = 0, .end = "reset"}},
          .failure = ReplayFailure{.kind = "still_open",
                                   .expected = "the end",
                                   .came = "nothing for 5 s",
                                   .at_sentinel = true}};
}

void expect_same(const Replay& one, const Replay& other) {
  EXPECT_EQ(one.id, other.id);
  EXPECT_EQ(one.title, other.title);
  EXPECT_EQ(one.rules, other.rules);
  ASSERT_EQ(one.dialect.has_value(), other.dialect.has_value());
  if (one.dialect) {
    EXPECT_EQ(to_json(*one.dialect), to_json(*other.dialect));
  }
  EXPECT_EQ(one.main_stays_open, other.main_stays_open);
  EXPECT_EQ(one.origin, other.origin);
  EXPECT_EQ(one.steps, other.steps);
  EXPECT_EQ(one.came, other.came);
  EXPECT_EQ(one.failure, other.failure);
}

TEST(Replay, IsReadBackAsItWas) {
  for (const Replay& replay : {example(), Replay()}) {
    const std::string text = to_ndjson(replay);
    const auto read = parse_replay(text);
    ASSERT_TRUE(read) << text << to_string(read.error());
    expect_same(*read, replay);
    EXPECT_EQ(to_ndjson(*read), text);
  }
}

TEST(Replay, IsOneObjectALine) {
  const Replay replay = example();
  const std::string text = to_ndjson(replay);
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(text, '\n')),
            1 + replay.steps.size() + replay.came.size() + 1);
  EXPECT_TRUE(text.starts_with(R"({"format":"framespec-replay/1",)")) << text;
}

TEST(Replay, IsReadWithEmptyLinesAndLineEndsOfAnotherSystem) {
  const auto read = parse_replay(
      "{\"format\":\"framespec-replay/"
      "1\"}\r\n\r\n{\"on\":\"main\",\"do\":\"pause\",\"ms\":1}\r\n\n");
  ASSERT_TRUE(read) << to_string(read.error());
  ASSERT_EQ(read->steps.size(), 1U);
  EXPECT_TRUE(read->main_stays_open);
}

TEST(Replay, MayEndWithoutALineEnd) {
  const auto read = parse_replay(
      "{\"format\":\"framespec-replay/1\",\"main_stays_open\":false}\n"
      "{\"on\":\"main\",\"do\":\"abort\"}");
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->steps.size(), 1U);
}

struct Wrong {
  std::string lines;  // behind the first
  std::string told;
};

class WrongReplay : public testing::TestWithParam<Wrong> {};

TEST_P(WrongReplay, IsToldWithItsPlace) {
  const auto read = parse_replay("{\"format\":\"framespec-replay/1\"}\n" + GetParam().lines);
  ASSERT_FALSE(read) << GetParam().lines;
  EXPECT_NE(to_string(read.error()).find(GetParam().told), std::string::npos)
      << to_string(read.error());
}

INSTANTIATE_TEST_SUITE_P(
    Replay, WrongReplay,
    testing::Values(
        Wrong{"x", "line 2: $: line 1, column 1: not valid JSON"},
        Wrong{"[]", "line 2: $: an array is not allowed"},
        Wrong{"\n\n{\"on\":\"main\",\"do\":\"pause\",\"ms\":-1}", "line 4: $.ms: -1 is not"},
        Wrong{R"({"on":"a","do":"abort"})", R"(line 2: $: there is no connection "a" yet)"},
        Wrong{R"({"on":"main","do":"open"})",
              R"(line 2: $: the connection "main" is there already)"},
        Wrong{"{\"on\":\"main\",\"do\":\"finish\"}\n"
              R"({"on":"main","do":"send","bytes":"00","frame_ends":[]})",
              R"(line 3: $: the connection "main" has ended its stream by "finish")"},
        Wrong{R"({"on":"main","do":"flood","bytes":"00","total":9,"goes_on":false,)"
              R"("answer":{"payload":""}})"
              "\n\n",
              R"(line 2: $: the answers to the flood on the connection "main" are never expected)"},
        Wrong{"{\"on\":\"main\",\"came\":\"00\",\"size\":1,\"end\":\"fin\"}\n"
              R"({"on":"main","came":"00","size":1,"end":"fin"})",
              R"(line 3: $.on: "main" is not allowed)"},
        Wrong{"{\"failure\":\"died\",\"expected\":\"a\",\"came\":\"b\"}\n"
              R"({"failure":"died","expected":"a","came":"b"})",
              "line 3: $: there is a line with the failure already"},
        Wrong{R"({"on":"main","do":"abort"})",
              R"(line 1: $.main_stays_open: the steps end "main")"},
        Wrong{R"({"on":"main","await":{"bytes":1}})",
              R"(line 2: $: this is of "framespec-replay/2"; the first line must say so)"},
        Wrong{R"({"on":"main","expect":"exit"})", R"(line 2: $: this is of "framespec-replay/2")"},
        Wrong{R"({"on":"main","do":"send","text":"a","frame_ends":[]})",
              R"(line 2: $: this is of "framespec-replay/2")"},
        Wrong{R"({"on":"main","do":"send","bytes":"00"})",
              R"(line 2: $: this is of "framespec-replay/2")"},
        Wrong{R"({"on":"main","came":"00","size":0,"end":"fin"})", "line 2: $.size: 0 is not"},
        Wrong{R"({"on":"main","came":"00","end":"fin"})", "line 2: $.size: is missing"},
        Wrong{R"({"came":"","size":0,"end":"fin"})", "line 2: $.on: is missing"},
        Wrong{R"({"failure":"no_answer","came":"x"})", "line 2: $.expected: is missing"},
        Wrong{R"({"failure":1,"expected":"x","came":"x"})", "line 2: $.failure: 1 is not"},
        Wrong{"{\"failure\":\"no_answer\",\"expected\":\"x\",\"came\":\"x\"}\n"
              R"({"on":"main","do":"abort"})",
              "line 3: $: a step stands behind what came"}));

TEST(Replay, TheFirstLineSaysTheFormat) {
  for (const auto* text : {"", "\n", "{}", "{\"format\":\"framespec-replay/3\"}", "{\"format\":1}",
                           "[]", "{\"on\":\"main\",\"do\":\"abort\"}"}) {
    const auto read = parse_replay(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().line, 1U) << text;
  }
}

/// What a client is played.
std::expected<Replay, ReplayError> parse_second(const std::string& head, const std::string& lines) {
  return parse_replay("{\"format\":\"framespec-replay/2\"" + head + "}\n" + lines);
}

TEST(Replay, IsOfTheSecondFormatWhereTheFirstHasNoSuchStep) {
  const std::string answer = R"({"on":"main","do":"send","text":"+PONG\r\n"})";
  for (const auto& [lines, format] :
       std::vector<std::pair<std::string, int>>{{answer, 1},
                                                {R"({"on":"main","await":{"until_text":"\r\n"}})"
                                                 "\n" +
                                                     answer,
                                                 2},
                                                {R"({"on":"main","expect":"exit"})", 2}}) {
    const auto read = parse_second("", lines);
    ASSERT_TRUE(read) << to_string(read.error());
    const std::string text = to_ndjson(*read);
    EXPECT_TRUE(text.starts_with("{\"format\":\"framespec-replay/" + std::to_string(format)))
        << text;
    const auto again = parse_replay(text);
    ASSERT_TRUE(again) << to_string(again.error());
    expect_same(*again, *read);
  }
}

TEST(Replay, OfTheSecondFormatKnowsWhatTheStepsLeaveOfMain) {
  EXPECT_TRUE(parse_second("", R"({"on":"main","await":{"bytes":1}})")->main_stays_open);
  for (const auto* step : {R"({"on":"main","do":"finish"})", R"({"on":"main","expect":"exit"})"}) {
    EXPECT_FALSE(parse_second("", step)->main_stays_open) << step;
    const auto read = parse_second(",\"main_stays_open\":true", step);
    ASSERT_FALSE(read) << step;
    EXPECT_EQ(read.error().path, "$.main_stays_open");
  }
}

TEST(Replay, OfTheSecondFormatFindsTheFrameEndsThatAreLeftOut) {
  const std::string head = R"(,"dialect":"uint16be")";
  const auto ends_of = [](const auto& read) {
    return std::get<step::Send>(read->steps.front().action).frame_ends;
  };
  const auto read = parse_second(head, R"({"on":"main","do":"send","bytes":"0001 61 0000"})");
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(ends_of(read), (std::vector<std::uint64_t>{3, 5}));
  const auto said =
      parse_second(head, R"({"on":"main","do":"send","bytes":"0001 61 0000","frame_ends":[]})");
  ASSERT_TRUE(said) << to_string(said.error());
  EXPECT_TRUE(ends_of(said).empty());
  const auto none = parse_second("", R"({"on":"main","do":"send","bytes":"0001 61"})");
  ASSERT_TRUE(none) << to_string(none.error());
  EXPECT_TRUE(ends_of(none).empty());
  const auto wrong = parse_second(head, R"({"on":"main","do":"send","bytes":"0001 61 00"})");
  ASSERT_FALSE(wrong);
  EXPECT_NE(to_string(wrong.error())
                .find("line 2: $.frame_ends: is missing, and the bytes are not whole frames of "
                      "the dialect \"uint16be\": truncated"),
            std::string::npos)
      << to_string(wrong.error());
}

TEST(Replay, SaysWhatIsWrongInTheFirstLine) {
  struct Case {
    const char* members;
    const char* told;
  };
  for (const auto& [members, told] :
       {Case{R"("rules":"SEG-1")", "line 1: $.rules: \"SEG-1\" is not allowed"},
        Case{R"("rules":[1])",
             "line 1: $.rules: an array is not allowed; it must be an array of s"},
        Case{R"("origin":{"seed":18446744073709551616})", "line 1: $.origin.seed: 1.8"},
        Case{R"("origin":{"seed":-1})", "line 1: $.origin.seed: -1 is not allowed"},
        Case{R"("origin":{"fuzz_input":1})", "line 1: $.origin.fuzz_input: 1 is not allowed"}}) {
    const auto read =
        parse_replay("{\"format\":\"framespec-replay/1\"," + std::string(members) + "}");
    ASSERT_FALSE(read) << members;
    EXPECT_TRUE(to_string(read.error()).starts_with(told)) << to_string(read.error());
  }
}

TEST(Replay, InTheSecondFormatTheNameOfAShippedDialectIsEnough) {
  const auto read = parse_second(R"(,"dialect":"grpc")", "");
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->dialect, *find_dialect("grpc"));
  for (const auto* format : {"1", "2"}) {
    const auto wrong = parse_replay(R"({"format":"framespec-replay/)" + std::string(format) +
                                    R"(","dialect":"int31"})");
    ASSERT_FALSE(wrong) << format;
    EXPECT_EQ(wrong.error().path, "$.dialect");
  }
}

TEST(Replay, OfADialectThatIsNoneTheDialectsOwnErrorIsTold) {
  const auto read = parse_replay(
      R"({"format":"framespec-replay/1","dialect":{"name":"x","length":{"width":99}}})");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().path, "$.dialect.length.width");
}

}  // namespace
}  // namespace framespec
