#include "framespec/step_json.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace framespec {
namespace {

using std::chrono::milliseconds;

ByteVector bytes_of(std::string_view text) {
  const Bytes view = as_bytes(text);
  return {view.begin(), view.end()};
}

Step on(std::string connection, step::Action action) {
  return {.connection = std::move(connection), .action = std::move(action)};
}

/// One of each kind, with each member another than its default.
std::vector<Step> every_kind() {
  const step::ExpectedFrame frame{
      .payload = bytes_of("hi"), .lead = bytes_of("\x01"), .filename = "a\x7f\"\xc3\xa9"};
  return {
      on("other", step::Open{}),
      on("main", step::Send{.bytes = bytes_of("abc"), .frame_ends = {1, 3}}),
      on("main",
         step::Send{.bytes = bytes_of("abc"), .frame_ends = {}, .arrival = step::Arrival{}}),
      on("main",
         step::Send{
             .bytes = bytes_of("abc"),
             .frame_ends = {3},
             .arrival = step::Arrival{.cuts = {1, 2}, .is_coalesced = false, .is_with_end = true}}),
      on("main", step::Send{.bytes = bytes_of("abc"),
                            .frame_ends = {3},
                            .arrival = step::Arrival{.cuts = {}, .is_coalesced = true}}),
      on("main", step::Send{.bytes = {}, .frame_ends = {}}),
      on("main",
         step::Flood{
             .bytes = bytes_of("f"), .total_bytes = 1000, .goes_on = true, .answer = frame}),
      on("main", step::Finish{}),
      on("main", step::Finish{.at_once = true}),
      on("main", step::Abort{}),
      on("main", step::Pause{.time = milliseconds(7)}),
      on("main",
         step::ExpectFrames{.frames = {frame, {.payload = {}, .lead = {}, .filename = {}}}}),
      on("main", step::ExpectFlood{}),
      on("main", step::ExpectClosed{}),
      on("main", step::ExpectClosed{.graceful = true, .within = milliseconds(1500)}),
      on("main", step::ExpectStalled{.bytes_max = 42}),
      on("main", step::ExpectMemoryGrowth{.bytes_max = 9}),
      on("main", step::ExpectMemoryGrowth{.bytes_max = 9, .only_in_use = true}),
      on("main", step::ExpectDescriptorGrowth{.extra_max = 3}),
      on("main", step::MeasureWork{.name = "one"}),
      on("main", step::ExpectWork{.of = "one", .against = "two", .times_max = 4}),
      on("main", step::Send{.bytes = bytes_of("abc"),
                            .frame_ends = {},
                            .copies = {{.from = 2, .to = 0, .size = 3}, {1, 2, 1}}}),
      on("main", step::Await{step::AwaitBytes{.size = 29}}),
      on("main", step::Await{step::AwaitUntil{.bytes = bytes_of("\r\n")}}),
      on("main", step::Await{step::AwaitFrame{.dialect = *find_dialect("uint16be")}}),
      on("main", step::Await{step::AwaitFrame{
                     .dialect = find_dialect("uint16be")->with_payload_limit(5).value()}}),
      on("main", step::ExpectExit{}),
      on("main", step::ExpectExit{.like = step::ExpectExit::Like::kControl}),
      on("main", step::ExpectExit{.like = step::ExpectExit::Like::kControlIfSameStatus}),
      on("main", step::ExpectExit{.like = step::ExpectExit::Like::kNotControl,
                                  .control = step::ControlExit{.status = 255,
                                                               .output = bytes_of("PONG\n")}}),
      on("main", step::ExpectAnswer{.bytes = {}}),
      on("main", step::ExpectAnswer{.bytes = bytes_of("+PONG\r\n"), .varies = {{0, 1}, {1, 7}}}),
      on("main", step::ExpectAnswer{.bytes = bytes_of("9\n"), .masks = {"[0-9]+", "/\\xff"}}),
  };
}

TEST(StepJson, IsReadBackAsTheSameStep) {
  for (const Step& step : every_kind()) {
    const std::string json = to_json(step);
    const auto read = parse_step(json);
    ASSERT_TRUE(read) << json << ": " << read.error().path << " " << read.error().message;
    EXPECT_EQ(*read, step) << json;
    EXPECT_EQ(to_json(*read), json);
  }
}

TEST(StepJson, WhatIsPlayedToAClientLooksLikeThis) {
  for (const auto& [step, json] : std::vector<std::pair<Step, std::string>>{
           {on("main", step::Await{step::AwaitBytes{.size = 29}}),
            R"({"on":"main","await":{"bytes":29}})"},
           {on("main", step::Await{step::AwaitUntil{.bytes = bytes_of("\r\n")}}),
            R"({"on":"main","await":{"until":"0d0a"}})"},
           {on("main", step::Await{step::AwaitFrame{.dialect = *find_dialect("uint16be")}}),
            R"({"on":"main","await":{"frame":"uint16be"}})"},
           {on("main", step::Send{.bytes = bytes_of("abcd"),
                                  .frame_ends = {},
                                  .copies = {{.from = 2, .to = 1, .size = 3}}}),
            R"({"on":"main","do":"send","bytes":"61626364","frame_ends":[],)"
            R"("copies":[{"from":2,"to":1,"size":3}]})"},
           {on("main", step::ExpectExit{}), R"({"on":"main","expect":"exit"})"},
           {on("main", step::ExpectAnswer{.bytes = bytes_of("ab"), .varies = {{1, 2}}}),
            R"({"on":"main","expect":"answer","bytes":"6162","varies":[[1,2]]})"},
           {on("main", step::ExpectExit{.like = step::ExpectExit::Like::kControlIfSameStatus}),
            R"({"on":"main","expect":"exit","like":"control_if_same_status"})"},
           {on("main", step::ExpectExit{.like = step::ExpectExit::Like::kNotControl,
                                        .control = step::ControlExit{.status = 1,
                                                                     .output = bytes_of("no\n")}}),
            R"({"on":"main","expect":"exit","unlike":"control","status":1,"output":"6e6f0a"})"}}) {
    EXPECT_EQ(to_json(step), json);
  }
}

TEST(StepJson, APersonMayWriteLess) {
  for (const auto& [json, step] : std::vector<std::pair<std::string, Step>>{
           {R"({"on":"main","do":"send","text":"+PONG\r\n\u00e9"})",
            on("main", step::Send{.bytes = bytes_of("+PONG\r\n\xc3\xa9"), .frame_ends = {}})},
           {R"({"on":"main","await":{"until_text":"\r\n"}})",
            on("main", step::Await{step::AwaitUntil{.bytes = bytes_of("\r\n")}})},
           {R"({"on":"main","await":{"frame":)" + to_json(*find_dialect("grpc")) + "}}",
            on("main", step::Await{step::AwaitFrame{.dialect = *find_dialect("grpc")}})}}) {
    const auto read = parse_step(json);
    ASSERT_TRUE(read) << json << ": " << read.error().path << " " << read.error().message;
    EXPECT_EQ(*read, step) << json;
  }
}

TEST(StepJson, EveryKindIsAmongThem) {
  std::set<std::size_t> kinds;
  for (const Step& step : every_kind()) kinds.insert(step.action.index());
  EXPECT_EQ(kinds.size(), std::variant_size_v<step::Action>);
}

TEST(StepJson, IsOneLineOfAscii) {
  for (const Step& step : every_kind()) {
    for (const char letter : to_json(step)) {
      EXPECT_TRUE(letter >= ' ' && letter <= '~') << to_json(step);
    }
  }
}

TEST(StepJson, GivesManyBytesBySizeAndDigest) {
  const std::string json =
      to_json(on("main", step::Send{.bytes = bytes_of("abc"), .frame_ends = {}}), 2);
  EXPECT_EQ(json, R"({"on":"main","do":"send","bytes_size":3,)"
                  R"("bytes_md5":"900150983cd24fb0d6963f7d28e17f72","frame_ends":[]})");
  const auto read = parse_step(json);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().path, "$.bytes_md5");
}

struct Wrong {
  std::string json;
  std::string path;
  std::string words;
};

class WrongStep : public testing::TestWithParam<Wrong> {};

TEST_P(WrongStep, IsToldWithItsPlace) {
  const auto read = parse_step(GetParam().json);
  ASSERT_FALSE(read) << GetParam().json;
  EXPECT_EQ(read.error().path, GetParam().path) << read.error().message;
  EXPECT_NE(read.error().message.find(GetParam().words), std::string::npos) << read.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    StepJson, WrongStep,
    testing::Values(
        Wrong{"", "$", ""}, Wrong{"[]", "$", "an object with \"do\""},
        Wrong{"{}", "$", "an object with \"do\""},
        Wrong{R"({"on":"main","do":"open","expect":"flood"})", "$", "an object with \"do\""},
        Wrong{R"({"do":"open"})", "$.on", "is missing"},
        Wrong{R"({"on":1,"do":"open"})", "$.on", "1 is not allowed"},
        Wrong{R"({"on":"main","do":"jump"})", "$.do", "\"open\", \"send\""},
        Wrong{R"({"on":"main","do":1})", "$.do", "1 is not allowed"},
        Wrong{R"({"on":"main","expect":"nothing"})", "$.expect", "\"frames\", \"flood\""},
        Wrong{R"({"on":"main","do":"open","at":1})", "$.at", "is not a known key"},
        Wrong{R"({"on":"main","do":"pause"})", "$.ms", "is missing"},
        Wrong{R"({"on":"main","do":"pause","ms":-1})", "$.ms", "-1 is not allowed"},
        Wrong{R"({"on":"main","do":"pause","ms":1.5})", "$.ms", "1.5 is not allowed"},
        Wrong{R"({"on":"main","do":"send","frame_ends":[]})", "$.bytes", "is missing"},
        Wrong{R"({"on":"main","do":"send","bytes":"0","frame_ends":[]})", "$.bytes", "offset 0"},
        Wrong{R"({"on":"main","do":"send","bytes":"00","text":"a"})", "$.text", "absent beside"},
        Wrong{R"({"on":"main","do":"send","text":1})", "$.text", "1 is not allowed"},
        Wrong{R"({"on":"main","do":"send","bytes":"0000","copies":[{"from":0,"to":1,"size":2}]})",
              "$.copies[0].to", "lies in the 2 bytes"},
        Wrong{R"({"on":"main","do":"send","bytes":"00","copies":[{"from":0,"to":0,"size":0}]})",
              "$.copies[0].size", "one byte at least"},
        Wrong{R"({"on":"main","do":"send","bytes":"00","copies":[{"from":65536,"to":0,"size":1}]})",
              "$.copies[0].from", "of the first 65536 bytes"},
        Wrong{R"({"on":"main","do":"send","bytes":"00","copies":[{"from":18446744073709551615,)"
              R"("to":18446744073709551615,"size":18446744073709551615}]})",
              "$.copies[0].to", "lies in"},
        Wrong{R"({"on":"main","do":"send","bytes":"00","copies":[{"to":0,"size":1}]})",
              "$.copies[0].from", "is missing"},
        Wrong{R"({"on":"main","do":"send","bytes":"00","copies":{}})", "$.copies", "an array"},
        Wrong{R"({"on":"main","await":3})", "$.await", "an object"},
        Wrong{R"({"on":"main","await":{}})", "$.await", "one member"},
        Wrong{R"({"on":"main","await":{"bytes":3,"until":"0a"}})", "$.await", "one member"},
        Wrong{R"({"on":"main","await":{"bytes":0}})", "$.await.bytes", "one byte at least"},
        Wrong{R"({"on":"main","await":{"until":""}})", "$.await.until", "one byte at least"},
        Wrong{R"({"on":"main","await":{"until_text":""}})", "$.await.until_text", "one byte"},
        Wrong{R"({"on":"main","await":{"frame":"none"}})", "$.await.frame", "a shipped dialect"},
        Wrong{R"({"on":"main","await":{"frame":{"name":"x","length":{"width":99}}}})",
              "$.await.frame.length.width", "99"},
        Wrong{R"({"on":"main","await":{"lines":1}})", "$.await.lines", "is not a known key"},
        Wrong{R"({"on":"main","await":{"bytes":1},"do":"open"})", "$", "with \"await\""},
        Wrong{R"({"await":{"bytes":1}})", "$.on", "is missing"},
        Wrong{R"({"on":"main","expect":"exit","like":"anything"})", "$.like", "\"control\" or"},
        Wrong{R"({"on":"main","expect":"exit","like":"control","unlike":"control"})", "$.unlike",
              "absent beside"},
        Wrong{R"({"on":"main","expect":"exit","like":"control","status":0})", "$.output",
              "is missing"},
        Wrong{R"({"on":"main","expect":"exit","like":"control","status":256,"output":""})",
              "$.status", "256 is not allowed"},
        Wrong{R"({"on":"main","expect":"answer"})", "$.bytes", "is missing"},
        Wrong{R"({"on":"main","expect":"answer","bytes":"00","varies":3})", "$.varies", "an array"},
        Wrong{R"({"on":"main","expect":"answer","bytes":"00","masks":"a"})", "$.masks", "an array"},
        Wrong{R"({"on":"main","expect":"answer","bytes":"00","masks":["a",1]})", "$.masks[1]",
              "must be text"},
        Wrong{R"({"on":"main","expect":"answer","bytes":"00","varies":[[0,2]]})", "$.varies[0]",
              "from 0 to 1"},
        Wrong{R"({"on":"main","expect":"answer","bytes":"00","varies":[[0,0]]})", "$.varies[0]",
              "from below to"},
        Wrong{R"({"on":"main","expect":"answer","bytes":"0000","varies":[[1,2],[0,1]]})",
              "$.varies[1]", "ascending"},
        Wrong{R"({"on":"main","expect":"answer","bytes":"0000","varies":[[0,1,2]]})", "$.varies[0]",
              "an array of"},
        Wrong{R"({"on":"main","expect":"exit","status":0,"output":""})", "$.status",
              "absent without"},
        Wrong{R"({"on":"main","do":"send","bytes":"00","frame_ends":[2]})", "$.frame_ends[0]",
              "from 1 to 1"},
        Wrong{R"({"on":"main","do":"send","bytes":"0000","frame_ends":[2,1]})", "$.frame_ends[1]",
              "ascending"},
        Wrong{R"({"on":"main","do":"send","bytes":"00","frame_ends":[],"cuts":[]})", "$.coalesced",
              "is missing"},
        Wrong{R"({"on":"main","do":"send","bytes":"0000","frame_ends":[],"cuts":[2],)"
              R"("coalesced":false,"with_end":false})",
              "$.cuts[0]", "from 1 to 1"},
        Wrong{R"({"on":"main","do":"send","bytes":"0000","frame_ends":[],"cuts":[1],)"
              R"("coalesced":true,"with_end":false})",
              "$.cuts", "empty where coalesced"},
        Wrong{R"({"on":"main","do":"send","bytes":"00","frame_ends":[],"cuts":3,)"
              R"("coalesced":false,"with_end":false})",
              "$.cuts", "an array of"},
        Wrong{R"({"on":"main","do":"flood","bytes":"","total":1,"goes_on":false,)"
              R"("answer":{"payload":""}})",
              "$.bytes", "one frame at least"},
        Wrong{R"({"on":"main","expect":"frames","frames":[{"payload":"00"},{"lead":"00"}]})",
              "$.frames[1].payload", "is missing"},
        Wrong{R"({"on":"main","expect":"frames","frames":[5]})", "$.frames[0]", "an object"},
        Wrong{R"({"on":"main","expect":"frames","frames":{}})", "$.frames", "an array"},
        Wrong{R"({"on":"main","do":"open"} x)", "$", "line 1, column 27"},
        Wrong{R"({"on":"main","do":"open","do":"abort"})", "$.do", "twice"}));

TEST(StepJson, MessagesAreBounded) {
  const std::string digits(100'000, '7');
  const auto read = parse_step(R"({"on":"main","do":")" + digits + "\"}");
  ASSERT_FALSE(read);
  EXPECT_LT(read.error().message.size(), 1000U);
}

}  // namespace
}  // namespace framespec
