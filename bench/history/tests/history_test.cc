// What comes back of a run that was added, and what two writers at once lose: nothing.
#include "history/history.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <utility>

#include "measuring/process.h"
#include "measuring/tests/test_folder.h"

namespace framespec::bench {
namespace {

MeasuredRun make_run(std::int64_t began_at_s) {
  MeasuredRun run;
  run.record.began_at_s = began_at_s;
  run.record.program = "parse_benchmark";
  run.record.commit = Commit{.id = "abc", .time_s = 17};
  run.record.machine = {.processor = "Z80",
                        .processor_count = 2,
                        .host = "here",
                        .kernel = "Linux 6.1",
                        .libc = "glibc 2.36",
                        .governor = "performance"};
  run.record.calibration = Calibration{.arithmetic_ns = 1.5, .memory_ns = 90, .copy_ns = 10};
  run.record.load_average = 0.25;
  run.record.context = R"({"compiler":"gcc"})";
  run.record.is_side_by_side = true;
  run.samples = {
      {.benchmark = "parse/int32",
       .cpu_time_ns = 12.5,
       .real_time_ns = 13.25,
       .iterations = 1000,
       .repetition = 0,
       .items_an_iteration = 4,
       .latencies =
           Latencies{.p50_ns = 1, .p90_ns = 2, .p99_ns = 3.5, .p999_ns = 4, .max_ns = 1e9}},
      {.benchmark = "parse/\xC3\xA9,\"",
       .cpu_time_ns = 0.1,
       .real_time_ns = 0.3,
       .iterations = 7,
       .repetition = 1}};
  return run;
}

class HistoryFile : public testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "history.db"; }

 private:
  TestFolder folder_{"history"};
};

TEST_F(HistoryFile, ARunComesBackAsItWasAdded) {
  const MeasuredRun run = make_run(1000);
  ASSERT_EQ(History::open_or_create(file()).value().add(run), 1);
  History history = History::open(file()).value();
  const auto runs = history.runs().value();
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].id, 1);
  EXPECT_EQ(runs[0].began_at_s, 1000);
  EXPECT_EQ(runs[0].program, "parse_benchmark");
  ASSERT_TRUE(runs[0].commit);
  EXPECT_EQ(runs[0].commit->id, "abc");
  EXPECT_EQ(runs[0].commit->time_s, 17);
  EXPECT_EQ(runs[0].machine, run.record.machine);
  ASSERT_TRUE(runs[0].calibration);
  EXPECT_EQ(runs[0].calibration->memory_ns, 90);
  EXPECT_EQ(runs[0].load_average, 0.25);
  EXPECT_EQ(runs[0].context, run.record.context);
  EXPECT_TRUE(runs[0].is_side_by_side);
  const auto samples = history.samples(1).value();
  ASSERT_EQ(samples.size(), 2U);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    EXPECT_EQ(samples[i].benchmark, run.samples[i].benchmark);
    EXPECT_EQ(samples[i].cpu_time_ns, run.samples[i].cpu_time_ns);
    EXPECT_EQ(samples[i].real_time_ns, run.samples[i].real_time_ns);
    EXPECT_EQ(samples[i].iterations, run.samples[i].iterations);
    EXPECT_EQ(samples[i].repetition, run.samples[i].repetition);
    EXPECT_EQ(samples[i].items_an_iteration, run.samples[i].items_an_iteration);
    EXPECT_EQ(samples[i].latencies, run.samples[i].latencies);
  }
}

TEST_F(HistoryFile, WhatIsNotKnownIsNotMadeUp) {
  MeasuredRun run = make_run(1000);
  run.record.commit.reset();
  run.record.calibration.reset();
  run.record.load_average.reset();
  run.record.machine = {};
  History history = History::open_or_create(file()).value();
  ASSERT_TRUE(history.add(run));
  const RunRecord record = history.runs().value().at(0);
  EXPECT_FALSE(record.commit);
  EXPECT_FALSE(record.calibration);
  EXPECT_FALSE(record.load_average);
  EXPECT_EQ(machine_name(record.machine), "unknown machine");
}

TEST_F(HistoryFile, RunsStandInTheOrderOfTheirCommits) {
  History history = History::open_or_create(file()).value();
  for (const std::int64_t commit_time_s : {30, 10, 20, 10}) {
    MeasuredRun run = make_run(1000);
    run.record.commit->time_s = commit_time_s;
    ASSERT_TRUE(history.add(run));
  }
  const auto runs = history.runs().value();
  std::vector<std::int64_t> order;
  order.reserve(runs.size());
  for (const RunRecord& record : runs) order.push_back(record.id);
  EXPECT_EQ(order, (std::vector<std::int64_t>{2, 4, 3, 1}));
}

TEST_F(HistoryFile, AFileThatIsNotThereIsMadeOnlyWhereThatIsAskedFor) {
  const auto opened = History::open(file());
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().find("history.db"), std::string::npos);
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(HistoryFile, AFileOfAnotherKindIsRefused) {
  std::ofstream(file()) << std::string(2000, 'x');
  const auto opened = History::open_or_create(file());
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().find("history.db"), std::string::npos);
}

TEST_F(HistoryFile, AnEmptyFileThatIsReadStaysEmpty) {
  std::ofstream(file()).close();
  const auto opened = History::open(file());
  ASSERT_FALSE(opened);
  EXPECT_NE(opened.error().find("history.db: is empty"), std::string::npos) << opened.error();
  EXPECT_EQ(std::filesystem::file_size(file()), 0U);
  EXPECT_TRUE(History::open_or_create(file()));
}

TEST_F(HistoryFile, OnlyWhatHasTheSameSamplesIsInItAlready) {
  History history = History::open_or_create(file()).value();
  MeasuredRun run = make_run(1000);
  const auto add = [&] {
    const AddedRun added = history.add_if_new(run).value();
    return std::pair(added.id, added.was_there);
  };
  EXPECT_EQ(add(), std::pair(std::int64_t{1}, false));
  EXPECT_EQ(add(), std::pair(std::int64_t{1}, true));
  // Another filter in the same second.
  run.samples.pop_back();
  EXPECT_EQ(add(), std::pair(std::int64_t{2}, false));
  run.samples[0].cpu_time_ns += 1;
  EXPECT_EQ(add(), std::pair(std::int64_t{3}, false));
  // The other side of a comparison, to the digit.
  run.record.commit->id = "abd";
  EXPECT_EQ(add(), std::pair(std::int64_t{4}, false));
  run.record.began_at_s = 1001;
  EXPECT_EQ(add(), std::pair(std::int64_t{5}, false));
  // Of a file without a date, it may be any of the same samples.
  run.record.began_at_s = 0;
  EXPECT_EQ(add(), std::pair(std::int64_t{4}, true));
  run.samples[0].iterations += 1;
  EXPECT_EQ(add(), std::pair(std::int64_t{6}, false));
  EXPECT_EQ(add(), std::pair(std::int64_t{6}, true));
  EXPECT_GT(history.runs().value().back().began_at_s, 0);
}

TEST_F(HistoryFile, OfTheSameRunsAtOnceEachIsAddedOnce) {
  constexpr int kRuns = 10;
  std::vector<pid_t> writers;
  for (int writer = 0; writer < 3; ++writer) {
    const pid_t pid = ::fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) {
      auto history = History::open_or_create(file());
      bool is_well = history.has_value();
      for (int i = 0; is_well && i < kRuns; ++i) {
        is_well = history->add_if_new(make_run(1000 + i)).has_value();
      }
      ::_exit(is_well ? 0 : 1);
    }
    writers.push_back(pid);
  }
  for (const pid_t pid : writers) {
    int status = 0;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
    EXPECT_EQ(status, 0);
  }
  EXPECT_EQ(History::open(file()).value().runs().value().size(), std::size_t{kRuns});
}

TEST_F(HistoryFile, WhoIsInterruptedDoesNotWaitForOthers) {
  ASSERT_TRUE(History::open_or_create(file()));
  Database other = Database::open(file(), false).value();
  const auto held = Transaction::begin(other).value();
  const auto begin = std::chrono::steady_clock::now();
  const pid_t pid = ::fork();
  ASSERT_GE(pid, 0);
  if (pid == 0) {
    end_runs_on_signals();
    auto history = History::open(file());
    ::raise(SIGINT);
    ::_exit(!history || history->add(make_run(1)) ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(pid, &status, 0), pid);
  EXPECT_EQ(status, 0);
  // It would wait for a minute.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(50));
}

TEST_F(HistoryFile, WritersAtOnceLoseNothing) {
  constexpr int kWriters = 3;
  constexpr int kRuns = 20;
  std::vector<pid_t> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    const pid_t pid = ::fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) {
      // Also the making of the file is what they all do at once.
      auto history = History::open_or_create(file());
      bool is_well = history.has_value();
      for (int i = 0; is_well && i < kRuns; ++i) {
        is_well = history->add(make_run(1000 * writer + i)).has_value();
      }
      ::_exit(is_well ? 0 : 1);
    }
    writers.push_back(pid);
  }
  for (const pid_t pid : writers) {
    int status = 0;
    ASSERT_EQ(::waitpid(pid, &status, 0), pid);
    EXPECT_EQ(status, 0);
  }
  History history = History::open(file()).value();
  const auto runs = history.runs().value();
  EXPECT_EQ(runs.size(), std::size_t{kWriters} * kRuns);
  for (const RunRecord& record : runs) EXPECT_EQ(history.samples(record.id).value().size(), 2U);
}

}  // namespace
}  // namespace framespec::bench
