#include "power/trial_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>

#include "../../measuring/tests/test_folder.h"
#include "measuring/benchmark_json.h"

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;

const TrialMachine kMachine{.processor = "a processor", .processor_count = 2};
const AllDoses kDoses{{Injection::kLayout, {{0.05, 12'345U}, {0.1, 30'000U}}}};

Trial full_trial() {
  return {.cell = {.condition = Condition::kBusy,
                   .gate = TrialGate::kTime,
                   .injection = Injection::kLayout,
                   .slowdown = 0.05},
          .number = 7,
          .verdict = Verdict::kWorse,
          .change = 0.048,
          .visible = 0.02,
          .copy_change = -0.001,
          .seconds = 8.5,
          .repetitions = RepetitionsResult{.cpu_time_p = 0.25, .real_time_p = 0.5}};
}

TEST(TrialFile, IsReadAsItWasWritten) {
  const TestFolder folder("trials");
  const fs::path path = folder.path() / "trials.ndjson";
  auto file = TrialFile::open(path, kMachine);
  ASSERT_TRUE(file) << file.error();
  ASSERT_TRUE(file->add(kDoses));
  ASSERT_TRUE(file->add(full_trial()));
  ASSERT_TRUE(file->add(Trial{}));
  const auto trials = read_trials(read_text(path).value());
  ASSERT_TRUE(trials) << trials.error();
  EXPECT_EQ(trials->machine, kMachine);
  EXPECT_EQ(trials->doses, kDoses);
  ASSERT_EQ(trials->made.size(), 2U);
  const Trial& first = trials->made[0];
  EXPECT_EQ(first.cell, full_trial().cell);
  EXPECT_EQ(first.number, 7);
  EXPECT_EQ(first.verdict, Verdict::kWorse);
  EXPECT_EQ(first.change, 0.048);
  EXPECT_EQ(first.visible, 0.02);
  EXPECT_EQ(first.copy_change, -0.001);
  EXPECT_EQ(first.seconds, 8.5);
  EXPECT_EQ(first.repetitions->cpu_time_p, 0.25);
  EXPECT_EQ(first.repetitions->real_time_p, 0.5);
  EXPECT_EQ(trials->made[1].cell, Cell{});
  EXPECT_FALSE(trials->made[1].visible);
  EXPECT_FALSE(trials->made[1].repetitions);
}

TEST(TrialFile, GoesOnBehindALineThatWasCutShort) {
  const TestFolder folder("cut_trials");
  const fs::path path = folder.path() / "trials.ndjson";
  {
    auto file = TrialFile::open(path, kMachine);
    ASSERT_TRUE(file && file->add(full_trial()));
  }
  const std::string whole = read_text(path).value();
  std::ofstream(path, std::ios::app) << R"({"condition":"id)";
  EXPECT_EQ(read_trials(read_text(path).value())->made.size(), 1U);
  auto file = TrialFile::open(path, kMachine);
  ASSERT_TRUE(file) << file.error();
  EXPECT_EQ(file->trials().made.size(), 1U);
  ASSERT_TRUE(file->add(Trial{}));
  EXPECT_EQ(file->trials().made.size(), 2U);
  EXPECT_TRUE(read_text(path)->starts_with(whole));
  EXPECT_EQ(read_trials(read_text(path).value())->made.size(), 2U);
}

TEST(TrialFile, BeginsAnewWhereItsFirstLineIsCutShort) {
  const TestFolder folder("cut_beginning");
  const fs::path path = folder.path() / "trials.ndjson";
  std::ofstream(path) << R"({"format":"framespec-trials/2","proc)";
  const auto file = TrialFile::open(path, kMachine);
  ASSERT_TRUE(file) << file.error();
  EXPECT_EQ(read_trials(read_text(path).value())->machine, kMachine);
}

TEST(TrialFile, HasOneWriterAtATime) {
  const TestFolder folder("two_writers");
  const fs::path path = folder.path() / "trials.ndjson";
  {
    auto first = TrialFile::open(path, kMachine);
    ASSERT_TRUE(first) << first.error();
    const auto second = TrialFile::open(path, kMachine);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error(), path.string() + " is in use: another framespec-bench adds to it");
    EXPECT_TRUE(first->add(full_trial()));
  }
  EXPECT_EQ(TrialFile::open(path, kMachine)->trials().made.size(), 1U);
}

TEST(TrialFile, IsAFileOfTrialsOfThisMachineAndLeftAloneOtherwise) {
  const TestFolder folder("foreign_trials");
  const fs::path path = folder.path() / "trials.ndjson";
  ASSERT_TRUE(TrialFile::open(path, kMachine));
  const TrialMachine other{.processor = "another", .processor_count = 2};
  EXPECT_EQ(TrialFile::open(path, other).error(),
            path.string() +
                ": it was begun on another machine (a processor, 2 processors): name "
                "another file");
  std::ofstream(path) << "notes";
  EXPECT_FALSE(TrialFile::open(path, kMachine));
  EXPECT_EQ(read_text(path), "notes");
  EXPECT_FALSE(TrialFile::open(folder.path(), kMachine));
  EXPECT_FALSE(TrialFile::open("/dev/full", kMachine));
}

TEST(TrialFile, ThatCannotBeWrittenCountsNothing) {
  const TestFolder folder("full_disk");
  auto file = TrialFile::open(folder.path() / "trials.ndjson", kMachine);
  ASSERT_TRUE(file) << file.error();
  // As on a full disk: no file of this process may grow.
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &none), 0);
  const auto added = file->add(full_trial());
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, handler);
  EXPECT_FALSE(added);
  EXPECT_TRUE(file->trials().made.empty());
}

TEST(TrialFile, SaysWhichLineIsWrong) {
  EXPECT_EQ(read_trials("{}").error(), "holds no trials of framespec-bench selftest");
  EXPECT_EQ(read_trials(R"({"format":"framespec-trials/2",)").error(),
            "its first line is cut short");
  const std::string begin = R"({"format":"framespec-trials/2","processor":"p","processor_count":2})"
                            "\n";
  EXPECT_TRUE(read_trials(begin));
  EXPECT_EQ(read_trials(R"({"format":"framespec-trials/2"})"
                        "\n")
                .error()
                .substr(0, 8),
            "line 1: ");
  for (const char* const line :
       {"{", "[]", "{}", R"({"condition":"warm"})", R"({"condition":3})",
        R"({"doses":{"warmth":[]}})", R"({"doses":{"cpu":[1]}})",
        R"({"doses":{"cpu":[[0.01,-1]]}})", R"({"doses":{"cpu":[[0.01,1000001]]}})"}) {
    const auto read = read_trials(begin + line + "\n");
    ASSERT_FALSE(read) << line;
    EXPECT_TRUE(read.error().starts_with("line 2: ")) << read.error();
  }
}

TEST(TrialFile, ATrialCountsOnce) {
  const TestFolder folder("doubled_trials");
  const fs::path path = folder.path() / "trials.ndjson";
  {
    auto file = TrialFile::open(path, kMachine);
    ASSERT_TRUE(file && file->add(full_trial()) && file->add(Trial{}) && file->add(full_trial()));
  }
  EXPECT_EQ(read_trials(read_text(path).value()).error(), "line 4: a trial that is there already");
}

}  // namespace
}  // namespace framespec::bench
