#include "report/recorded_attempt.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <variant>
#include <vector>

#include "report/event_json.h"
#include "sample_events.h"
#include "suite/suite.h"
#include "suite/suite_hash.h"

namespace framespec::conformance {
namespace {

TEST(RecordedAttempt, IsAReplay) {
  const auto replay =
      replay_of(sample_attempt(), sample_started(), *find_dialect("int32"), sample_case());
  ASSERT_TRUE(replay) << replay.error();
  EXPECT_EQ(replay->id, "length/int32/cut_at-2/empty");
  EXPECT_EQ(replay->title, sample_case().title);
  EXPECT_EQ(replay->origin.seed, sample_started().seed);
  EXPECT_EQ(replay->steps.size(), 2U);
  EXPECT_EQ(replay->came, sample_attempt().attempt.came);
  ASSERT_TRUE(replay->failure);
  EXPECT_EQ(replay->failure->kind, "died");
  EXPECT_FALSE(replay->main_stays_open);
  EXPECT_EQ(replay->rules, sample_case().rules);
  const auto again = parse_replay(to_ndjson(*replay));
  ASSERT_TRUE(again) << to_string(again.error());
  EXPECT_EQ(again->origin, replay->origin);
  EXPECT_EQ(again->steps, replay->steps);
}

// As in a run of the suites that are compiled in.
event::Started started_now() {
  event::Started started = sample_started();
  started.testee = {};
  started.suites = "built-in";
  started.suites_hash = hash_of(*SuiteSet::built_in());
  return started;
}

TEST(RecordedAttempt, OneThatPassedOrIsTooLargeIsMadeAgain) {
  event::AttemptMade made = sample_attempt();
  const auto of = [&](const event::Started& started) {
    return replay_of(made, started, *find_dialect("int32"), sample_case());
  };
  const auto plan = PlanSource(*SuiteSet::built_in(), *find_dialect("int32")).build(made.id);
  ASSERT_TRUE(plan) << plan.error();
  made.played->is_replayable = false;
  const auto large = of(started_now());
  ASSERT_TRUE(large) << large.error();
  EXPECT_EQ(large->steps, plan->steps);
  made.played.reset();
  const auto passed = of(started_now());
  ASSERT_TRUE(passed) << passed.error();
  EXPECT_EQ(passed->steps, plan->steps);
  EXPECT_EQ(passed->main_stays_open, plan->after == After::kMainOpen);
  // Of other suites the id may mean something else.
  event::Started other = started_now();
  other.suites_hash = "of other suites";
  ASSERT_FALSE(of(other));
  EXPECT_NE(of(other).error().find("not those of the run any more"), std::string::npos);
  other.suites = "/no/such/folder";
  EXPECT_FALSE(of(other));
}

class RecordedInAFile : public ::testing::Test {
 protected:
  void SetUp() override {
    // Tests run beside each other, each in a process of its own.
    path_ = (std::filesystem::path(::testing::TempDir()) /
             ("recorded_attempt_" + std::to_string(getpid()) + ".ndjson"))
                .string();
  }
  void TearDown() override { std::filesystem::remove(path_); }

  void write(const std::vector<Event>& events) const {
    std::ofstream file(path_, std::ios::binary);
    for (const Event& event : events) file << to_line(event);
  }

  std::string path_;
};

TEST_F(RecordedInAFile, ItIsFoundByItsId) {
  write(sample_events());
  const auto only = recorded_attempt(path_, "");
  ASSERT_TRUE(only) << only.error();
  EXPECT_EQ(only->dialect->name, "int32");
  EXPECT_EQ(only->id, "length/int32/cut_at-2/empty");
  EXPECT_TRUE(recorded_attempt(path_, "length/int32/cut_at-2/empty"));
  const auto none = recorded_attempt(path_, "length/int32/cut_at-3/empty");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error(), path_ + ": there is no \"length/int32/cut_at-3/empty\" in it");
}

TEST_F(RecordedInAFile, OfSeveralAnIdIsAskedFor) {
  std::vector<Event> events = sample_events();
  const auto double_up = [&]<typename What>(std::in_place_type_t<What>) {
    const auto found = std::ranges::find_if(
        events, [](const Event& event) { return std::holds_alternative<What>(event.what); });
    ASSERT_NE(found, events.end());
    Event other = *found;
    std::get<What>(other.what).id = "length/int32/cut_at-3/empty";
    events.insert(found, other);
  };
  double_up(std::in_place_type<event::AttemptMade>);
  double_up(std::in_place_type<event::VerdictGiven>);
  // So that what they come to together need not be that of one.
  std::erase_if(events, [](const Event& event) {
    return std::holds_alternative<event::DialectEnded>(event.what) ||
           std::holds_alternative<event::Ended>(event.what) ||
           std::holds_alternative<event::FindingMade>(event.what);
  });
  write(events);
  const auto several = recorded_attempt(path_, "");
  ASSERT_FALSE(several);
  EXPECT_EQ(several.error(), path_ +
                                 ": 2 checks failed in this run; say which with --id: "
                                 "length/int32/cut_at-3/empty, length/int32/cut_at-2/empty");
  EXPECT_TRUE(recorded_attempt(path_, "length/int32/cut_at-3/empty"));
}

TEST_F(RecordedInAFile, NoFileIsAnError) { EXPECT_FALSE(recorded_attempt(path_, "")); }

}  // namespace
}  // namespace framespec::conformance
