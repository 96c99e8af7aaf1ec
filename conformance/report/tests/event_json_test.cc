#include "report/event_json.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>

#include "framespec/splitmix64.h"
#include "report/report_json.h"
#include "report/summary.h"
#include "runner/run_log.h"
#include "sample_events.h"

namespace framespec::conformance {
namespace {

std::string without_end(std::string line) {
  line.pop_back();
  return line;
}

TEST(EventJson, EachEventIsReadBackAsItWas) {
  for (const Event& event : sample_events()) {
    const std::string line = to_line(event);
    ASSERT_EQ(line.find('\n'), line.size() - 1) << line;
    const auto read = parse_event(without_end(line));
    ASSERT_TRUE(read) << read.error().path << ": " << read.error().message << "\n" << line;
    ASSERT_TRUE(*read) << line;
    EXPECT_EQ((*read)->what.index(), event.what.index()) << line;
    EXPECT_EQ(to_line(**read), line);
  }
}

TEST(EventJson, NothingOfAnEventIsLost) {
  const auto read = parse_event(without_end(to_line({.at = {}, .what = sample_attempt()})));
  ASSERT_TRUE(read);
  const auto& made = std::get<event::AttemptMade>((*read)->what);
  EXPECT_EQ(made.look, event::Look::kAgain);
  EXPECT_EQ(made.attempt.failure->came, sample_failure().came);
  EXPECT_EQ(made.attempt.proof.segments_held_back, 1U);
  EXPECT_TRUE(made.attempt.proof.testee_leaves_unread);
  EXPECT_EQ(made.attempt.came, sample_attempt().attempt.came);
  EXPECT_EQ(made.attempt.work->time_of, std::chrono::nanoseconds(77));
  EXPECT_EQ(made.attempt.slowest.at_work, std::chrono::milliseconds(4));
  EXPECT_EQ(made.played->steps, sample_attempt().played->steps);
  EXPECT_FALSE(made.played->main_stays_open);
  const auto begun = parse_event(without_end(to_line({.at = {}, .what = sample_started()})));
  ASSERT_TRUE(begun);
  const auto& started = std::get<event::Started>((*begun)->what);
  EXPECT_EQ(started.seed, sample_started().seed);
  EXPECT_EQ(started.pace, sample_started().pace);
  EXPECT_EQ(started.run_limit, sample_started().run_limit);
  EXPECT_EQ(started.known->entries, sample_started().known->entries);
  EXPECT_EQ(to_json(started.dialects.at(0).dialect), to_json(*find_dialect("int32")));
}

TEST(EventJson, TimesOfYearsAreReadBack) {
  constexpr auto kLong = std::chrono::hours{9 * 365 * 24};
  event::AttemptMade made = sample_attempt();
  made.duration = kLong;
  made.attempt.work->time_of = kLong;
  const auto read = parse_event(without_end(to_line({.at = {}, .what = made})));
  ASSERT_TRUE(read) << read.error().path << ": " << read.error().message;
  EXPECT_EQ(std::get<event::AttemptMade>((*read)->what).duration, kLong);
  EXPECT_EQ(std::get<event::AttemptMade>((*read)->what).attempt.work->time_of, kLong);
}

TEST(EventJson, WhatIsShownHoldsNoControl) {
  const std::string hostile = "\x1b[31m\a";
  event::CaseBegan began = sample_case();
  began.key = began.rules.at(0) = hostile;
  const auto of_case = parse_event(without_end(to_line({.at = {}, .what = began})));
  ASSERT_TRUE(of_case);
  const std::string plain = R"(\x1b[31m\x07)";
  EXPECT_EQ(std::get<event::CaseBegan>((*of_case)->what).key, plain);
  EXPECT_EQ(std::get<event::CaseBegan>((*of_case)->what).rules.at(0), plain);
  const TesteeProblem problem{.reason = hostile, .output = "a\n" + hostile + "\n"};
  const auto of_note = parse_event(without_end(to_line({.at = {}, .what = event::Note(problem)})));
  ASSERT_TRUE(of_note);
  const auto& told = std::get<TesteeProblem>(std::get<event::Note>((*of_note)->what));
  EXPECT_EQ(told.reason, plain);
  EXPECT_EQ(told.output, "a\n" + plain + "\n");
  const auto of_end = parse_event(without_end(
      to_line({.at = {}, .what = event::Ended{.exit = {.code = 1, .reason = hostile}}})));
  ASSERT_TRUE(of_end);
  EXPECT_EQ(std::get<event::Ended>((*of_end)->what).exit.reason, plain);
}

TEST(EventJson, EveryDialectIsWhatItWas) {
  constexpr std::uint64_t kLimit = std::uint64_t{16} * 1024 * 1024;
  event::Started started = sample_started();
  started.dialects.clear();
  for (const Dialect& dialect : shipped_dialects()) {
    started.dialects.push_back(
        {.option = dialect.name, .dialect = *dialect.with_payload_limit(kLimit)});
  }
  const auto read = parse_event(without_end(to_line({.at = {}, .what = started})));
  ASSERT_TRUE(read) << read.error().path << ": " << read.error().message;
  const auto& again = std::get<event::Started>((*read)->what).dialects;
  ASSERT_EQ(again.size(), shipped_dialects().size());
  for (std::size_t index = 0; index < again.size(); ++index) {
    EXPECT_EQ(to_json(again[index].dialect), to_json(started.dialects[index].dialect));
  }
}

TEST(EventJson, TextThatIsNoUtf8IsReadableAndAsciiAlone) {
  event::Started started = sample_started();
  started.testee.value = "\xff\x1b[31m";
  const std::string line = to_line({.at = {}, .what = started});
  for (const char letter : without_end(line)) EXPECT_TRUE(letter >= 0x20 && letter < 0x7f);
  const auto read = parse_event(without_end(line));
  ASSERT_TRUE(read);
  EXPECT_EQ(std::get<event::Started>((*read)->what).testee.value, "\\xff\\x1b[31m");
}

TEST(EventJson, WhatIsNotKnownIsPassedOver) {
  const auto kind = parse_event(R"({"event":"later","at_ms":1,"more":[]})");
  ASSERT_TRUE(kind);
  EXPECT_FALSE(*kind);
  const auto note = parse_event(R"({"event":"note","at_ms":1,"about":"later"})");
  ASSERT_TRUE(note);
  EXPECT_FALSE(*note);
}

TEST(EventJson, WhatIsWrongIsToldWithItsPlace) {
  const auto error = [](std::string_view line) {
    const auto read = parse_event(line);
    return read ? std::string("it is read") : read.error().path + ": " + read.error().message;
  };
  EXPECT_EQ(error("[]"), "$: an array is not allowed; it must be an object");
  EXPECT_EQ(error("{}"), "$.event: is missing");
  EXPECT_EQ(error(R"({"event":"ended"})"), "$.exit: is missing");
  EXPECT_EQ(error(R"({"event":"ended","exit":{"code":4}})"),
            "$.exit.code: 4 is not allowed; it must be a whole number from 0 to 3");
  EXPECT_EQ(error(R"({"event":"note","at_ms":0,"about":"restart","why":"x"})"),
            "$.why: \"x\" is not allowed; it must be one of the words that are known for it");
  EXPECT_EQ(error(R"({"event":"note","event":"note"})"),
            "$.event: occurs twice; a key may be there once in an object");
}

/// Takes some characters out, and puts others in.
std::string mutated(std::string line, SplitMix64& random) {
  constexpr std::string_view kTelling = "{}[]\",:0-9e\\x\xff\n";
  for (std::uint64_t times = random.below(4) + 1; times > 0; --times) {
    const std::size_t at = random.below(line.size());
    switch (random.below(4)) {
      case 0:
        line.erase(at, random.below(20) + 1);
        break;
      case 1:
        line.insert(at, 1, kTelling[random.below(kTelling.size())]);
        break;
      case 2:
        line[at] = kTelling[random.below(kTelling.size())];
        break;
      default:
        line.insert(at, line.substr(random.below(line.size()), random.below(40)));
    }
    if (line.empty()) line = "x";
  }
  return line;
}

TEST(EventJson, HostileLinesAreEventsOrErrorsOnOneLine) {
  SplitMix64 random(1);
  constexpr int kOfEach = 3000;
  constexpr std::size_t kMessageMax = 1000;
  for (const Event& event : sample_events()) {
    const std::string line = without_end(to_line(event));
    for (int times = 0; times < kOfEach; ++times) {
      const auto read = parse_event(mutated(line, random));
      if (read) continue;
      EXPECT_TRUE(read.error().path.starts_with("$")) << read.error().path;
      EXPECT_FALSE(read.error().message.empty());
      EXPECT_LT(read.error().message.size(), kMessageMax);
    }
  }
}

TEST(EventJson, WhateverOrderHostileEventsComeInThereIsAReport) {
  SplitMix64 random(2);
  const std::vector<Event> events = sample_events();
  std::size_t reports = 0;
  for (int times = 0; times < 500; ++times) {
    RunLog log;
    for (const Event& event : events) {
      const std::string line = without_end(to_line(event));
      const auto read = parse_event(random.below(4) == 0 ? mutated(line, random) : line);
      if (!read || !*read) continue;
      const auto taken = log.take(**read);
      EXPECT_TRUE(taken || !taken.error().empty());
    }
    if (!log.has_begun()) continue;
    ++reports;
    EXPECT_FALSE(summary_of(log.result(), Style::plain()).empty());
    EXPECT_FALSE(report_json(log.result()).empty());
  }
  EXPECT_GT(reports, 100U);
}

}  // namespace
}  // namespace framespec::conformance
