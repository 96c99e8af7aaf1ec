// Real trials, of slowdowns that a busy machine cannot hide.
#include "power/trial.h"

#include <gtest/gtest.h>

#include "../../measuring/tests/test_folder.h"
#include "measuring/benchmark_program.h"
#include "measuring/callgrind.h"

namespace framespec::bench {
namespace {

TrialPlace place(const TestFolder& folder) {
  TrialPlace place{.specimen = TRIAL_SPECIMEN, .scratch = folder.path(), .doses = {}};
  for (const Injection injection : kInjections) place.doses[injection] = {{0.5, 1'000'000U}};
  return place;
}

TEST(Trial, FindsTwiceTheInstructions) {
  const TestFolder folder("trial_of_instructions");
  const auto trial =
      run_trial({.gate = TrialGate::kInstructions, .injection = Injection::kCpu, .slowdown = 0.5},
                0, place(folder));
  if (const auto blind = why_not_countable()) {
    EXPECT_EQ(trial.error(), *blind);
    return;
  }
  ASSERT_TRUE(trial) << trial.error();
  EXPECT_EQ(trial->verdict, Verdict::kWorse);
  EXPECT_NEAR(trial->change, 1, 0.01);
  EXPECT_FALSE(trial->repetitions);
}

TEST(Trial, OfNothingAsksTheUsualTestToo) {
  const TestFolder folder("trial_of_nothing");
  const auto trial = run_trial({}, 3, place(folder));
  ASSERT_TRUE(trial) << trial.error();
  EXPECT_EQ(trial->number, 3);
  EXPECT_GT(trial->seconds, 0);
  ASSERT_TRUE(trial->repetitions);
  EXPECT_GT(trial->repetitions->cpu_time_p, 0);
  EXPECT_LE(trial->repetitions->cpu_time_p, 1);
}

TEST(Trial, OfASlowdownWithoutADoseIsAnError) {
  const TestFolder folder("trial_without_dose");
  TrialPlace of_file = place(folder);
  const Cell cell{.injection = Injection::kLayout, .slowdown = 0.05};
  EXPECT_EQ(run_trial(cell, 0, of_file).error(),
            "of the doses that were measured none is for work/layout and this slowdown");
  of_file.doses.clear();
  EXPECT_FALSE(run_trial(cell, 0, of_file));
}

TEST(Variant, DiffersInFourBytes) {
  const TestFolder folder("variant");
  const auto path = folder.path() / "specimen";
  for (const Injection injection : kInjections) {
    ASSERT_TRUE(write_variant(TRIAL_SPECIMEN, injection, 0x01020304, path));
    const std::string plain = read_text(TRIAL_SPECIMEN).value();
    const std::string variant = read_text(path).value();
    ASSERT_EQ(variant.size(), plain.size());
    int different = 0;
    for (std::size_t i = 0; i < plain.size(); ++i) different += variant[i] != plain[i] ? 1 : 0;
    EXPECT_EQ(different, 4) << name_of(injection);
  }
}

TEST(Variant, DoesItsWorkAtEveryDose) {
  const TestFolder folder("variants");
  const auto path = folder.path() / "specimen";
  for (const Injection injection : kInjections) {
    ASSERT_TRUE(write_variant(TRIAL_SPECIMEN, injection, 1'000'000, path));
    const auto samples = BenchmarkProgram(path, folder.path()).run(".", kOnce);
    ASSERT_TRUE(samples) << samples.error();
    EXPECT_EQ(samples->size(), kInjections.size());
    for (const Sample& sample : *samples) EXPECT_FALSE(sample.error) << *sample.error;
  }
}

TEST(Variant, TakesTheSameInstructionsWhereTheWorkGoesElsewhere) {
  const TestFolder folder("variant_instructions");
  const auto path = folder.path() / "specimen";
  const auto count = [&](Injection injection, std::uint32_t millionths) {
    EXPECT_TRUE(write_variant(TRIAL_SPECIMEN, injection, millionths, path));
    const auto counted =
        count_instructions(BenchmarkProgram(path, folder.path()), benchmark_of(injection));
    EXPECT_EQ(counted.has_value(), !why_not_countable());
    return counted ? counted->instructions : 0;
  };
  for (const Injection injection :
       {Injection::kCache, Injection::kLayout, Injection::kAllocation}) {
    const double plain = count(injection, 0);
    EXPECT_NEAR(count(injection, 500'000), plain, plain / 1000) << name_of(injection);
  }
}

TEST(Variant, IsMadeOfTheSpecimenAlone) {
  const TestFolder folder("no_variant");
  EXPECT_EQ(write_variant(SPECIMEN_SAME, Injection::kCpu, 1, folder.path() / "b").error(),
            std::string(SPECIMEN_SAME) + " is not the specimen for trials");
  EXPECT_EQ(write_variant("/nowhere/s", Injection::kCpu, 1, folder.path() / "b").error(),
            "/nowhere/s cannot be read");
}

}  // namespace
}  // namespace framespec::bench
