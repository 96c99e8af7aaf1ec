#include "report/recorded_attempt.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "report/event_json.h"
#include "sample_events.h"

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
  const auto again = parse_replay(to_ndjson(*replay));
  // Its seed is above what a replay file of today can say.
  EXPECT_TRUE(again || again.error().path == "$.origin.seed") << to_string(again.error());
}

TEST(RecordedAttempt, OneThatPassedOrIsTooLargeIsNone) {
  event::AttemptMade made = sample_attempt();
  made.played->is_replayable = false;
  const auto of = [&] {
    return replay_of(made, sample_started(), *find_dialect("int32"), sample_case());
  };
  EXPECT_FALSE(of());
  made.played.reset();
  EXPECT_FALSE(of());
}

TEST(RecordedAttempt, ComeFromAFile) {
  const std::string path =
      (std::filesystem::path(::testing::TempDir()) / "recorded_attempt_test.ndjson").string();
  {
    std::ofstream file(path, std::ios::binary);
    for (const Event& event : sample_events()) file << to_line(event);
  }
  const auto all = recorded_attempts(path);
  ASSERT_TRUE(all) << all.error();
  ASSERT_EQ(all->size(), 1U);
  EXPECT_EQ(all->front().dialect->name, "int32");
  EXPECT_EQ(recorded_attempts(path, "length/int32/cut_at-2/empty")->size(), 1U);
  EXPECT_TRUE(recorded_attempts(path, "length/int32/cut_at-3/empty")->empty());
  std::filesystem::remove(path);
  EXPECT_FALSE(recorded_attempts(path));
}

}  // namespace
}  // namespace framespec::conformance
