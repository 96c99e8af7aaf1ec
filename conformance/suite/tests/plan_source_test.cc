#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "framespec/segmentation.h"
#include "suite/suite.h"
#include "suite/suite_case.h"

namespace framespec::conformance {
namespace {

constexpr std::uint64_t kPayloadMax = 100'000;

PlanSource source_for(const char* dialect, ExpandOptions options = {}) {
  if (!options.payload_max) options.payload_max = kPayloadMax;
  auto set = SuiteSet::built_in();
  EXPECT_TRUE(set) << to_string(set.error());
  return {*std::move(set), *find_dialect(dialect), std::move(options)};
}

const Send& cut_step(const Plan& plan) {
  for (const auto& step : plan.steps) {
    const auto* send = std::get_if<Send>(&step.action);
    if (send != nullptr && send->arrival) return *send;
  }
  ADD_FAILURE() << plan.id << " has no step that is cut";
  static const Send none;
  return none;
}

TEST(PlanSource, IdsAreUniqueAndEveryControlIsThere) {
  for (const auto* dialect : {"int32", "json", "varint"}) {
    const auto source = source_for(dialect);
    std::set<std::string> ids;
    for (const auto& entry : source.entries()) {
      EXPECT_TRUE(ids.insert(entry.id).second) << entry.id;
      EXPECT_TRUE(ids.contains(entry.control_id)) << entry.id << " comes before its control";
    }
  }
}

TEST(PlanSource, ThePlansOfADialectAreAFewThousand) {
  for (const auto* dialect : {"int32", "int64", "json"}) {
    const auto source =
        source_for(dialect, {.payload_max = 16U << 20U, .filters = {}, .excludes = {}});
    EXPECT_GT(source.entries().size(), 1000U) << dialect;
    EXPECT_LT(source.entries().size(), 6000U) << dialect;
  }
}

TEST(PlanSource, TheOrderIsAlwaysTheSameAndSanityComesFirst) {
  const auto first = source_for("int32");
  const auto second = source_for("int32");
  EXPECT_TRUE(
      std::ranges::equal(first.entries(), second.entries(), {}, &PlanEntry::id, &PlanEntry::id));
  EXPECT_EQ(first.entries().front().id, "sanity/int32/whole/echo");
}

TEST(PlanSource, APlanIsWhatItsEntrySays) {
  const auto source = source_for("int64");
  const auto plan = source.build("length/int64/cut_at-7/negative-minus_one");
  ASSERT_TRUE(plan) << plan.error();
  EXPECT_EQ(plan->control_id, "length/int64/whole/negative-minus_one");
  EXPECT_EQ(plan->area, "length");
  EXPECT_EQ(plan->name, "negative-minus_one");
  EXPECT_EQ(plan->segmentation, "cut_at-7");
  EXPECT_EQ(plan->rules, (std::vector<std::string>{"PFX-4", "ERR-3"}));
  EXPECT_EQ(plan->dialect, &source.dialect());
  EXPECT_EQ(cut_step(*plan).bytes, ByteVector(8, std::byte{0xff}));
  EXPECT_EQ(plan->after, After::kMainEnded);
}

TEST(PlanSource, ForcedCoalescingIsTheWholeStreamQueued) {
  const auto source = source_for("int32");
  const auto plan = source.build("coalescing/int32/forced_coalescing/two_frames");
  ASSERT_TRUE(plan) << plan.error();
  EXPECT_TRUE(cut_step(*plan).arrival->is_coalesced);
  EXPECT_EQ(plan->segmentation, "whole");
  EXPECT_EQ(cut_step(*plan).frame_ends, (std::vector<std::uint64_t>{10, 22}));
  EXPECT_FALSE(cut_step(*source.build("coalescing/int32/whole/two_frames")).arrival->is_coalesced);
}

TEST(PlanSource, WithTheEndThePlanIsThatOfTheCut) {
  const auto source = source_for("int32");
  const auto plan = source.build("end_of_stream/int32/cut_at-3+end/one_frame");
  ASSERT_TRUE(plan) << plan.error();
  EXPECT_TRUE(cut_step(*plan).arrival->is_with_end);
  EXPECT_EQ(plan->segmentation, "cut_at-3");
  EXPECT_FALSE(cut_step(*source.build(plan->control_id)).arrival->is_with_end);
  const auto open = source.build("segmentation/int32/whole+end/one_frame");
  ASSERT_FALSE(open);
  EXPECT_NE(open.error().find("does not end behind the step that is cut"), std::string::npos);
}

TEST(PlanSource, ACaseInAnotherPlaceHasAFrameBeforeIt) {
  const auto source = source_for("int32");
  const auto behind = source.build("length/int32/whole/negative-minus_one_behind_a_frame");
  ASSERT_TRUE(behind) << behind.error();
  EXPECT_EQ(cut_step(*behind).frame_ends, (std::vector<std::uint64_t>{8}));
  EXPECT_EQ(cut_step(*behind).bytes.size(), 12U);
  const auto after = source.build("length/int32/byte_by_byte/negative-minus_one_after_an_answer");
  ASSERT_TRUE(after) << after.error();
  EXPECT_EQ(cut_step(*after).bytes.size(), 4U);
  EXPECT_EQ(after->steps.size(), 4U);
  const auto second = source.build("length/int32/whole/negative-minus_one_on_a_second_connection");
  ASSERT_TRUE(second) << second.error();
  EXPECT_EQ(second->after, After::kMainOpen);
  EXPECT_EQ(second->steps.back().connection, "main");
}

TEST(PlanSource, WhatNeedsAnOptionIsListedWithTheReason) {
  const auto why = [](ExpandOptions options) {
    options.filters = {"timing/*"};
    std::map<std::string, std::string> reasons;
    const auto source = source_for("int32", std::move(options));
    for (const auto& entry : source.entries()) {
      reasons[entry.suite_case->name] = entry.not_run;
    }
    return reasons;
  };
  const auto nothing_known = why({});
  EXPECT_EQ(nothing_known.size(), 4U);
  for (const auto& [name, reason] : nothing_known) {
    EXPECT_NE(reason.find("--frame-timeout S"), std::string::npos) << name;
  }
  auto known = why({.frame_timeout = std::chrono::seconds(2)});
  EXPECT_EQ(known["just_in_time"], "");
  EXPECT_NE(known["dribbled_frame"].find("--thorough"), std::string::npos);
  known = why({.frame_timeout = std::chrono::seconds(2), .with_long = true});
  EXPECT_EQ(known["dribbled_frame"], "");
  const auto unknown = source_for("int32").build("timing/int32/whole/just_in_time");
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().find("--frame-timeout S"), std::string::npos);
}

TEST(PlanSource, TimesFollowFromThatOfAFrame) {
  const auto source = source_for("int32", {.frame_timeout = std::chrono::seconds(2)});
  const auto plan = source.build("timing/int32/whole/just_in_time");
  ASSERT_TRUE(plan) << plan.error();
  EXPECT_EQ(std::get<Pause>(plan->steps[1].action).time, std::chrono::milliseconds(1400));
}

TEST(PlanSource, WhatIsLostIsNamedUnlessItWasNotAskedFor) {
  static constexpr std::string_view kWrong =
      R"({"area": "own", "title": "t", "cases": [{"name": "wrong", "title": "t", "why": "w",
          "rules": ["SEG-2"], "steps": [{"send": [{"frame": "x", "answered": false}]},
                                        {"expect": "closed"}]}]})";
  const auto lost = [&](ExpandOptions options) {
    const PlanSource source(*SuiteSet::parse(kWrong, "own.json"), *find_dialect("int32"),
                            std::move(options));
    return std::ranges::count_if(source.not_applicable(), &NotApplicable::is_lost);
  };
  EXPECT_EQ(lost({}), 1);
  EXPECT_EQ(lost({.filters = {"own/*"}}), 1);
  EXPECT_EQ(lost({.filters = {"own/*/whole/right*"}}), 0);
  EXPECT_EQ(lost({.excludes = {"own/*"}}), 0);
}

TEST(PlanSource, AStreamThatIsStoppedKeepsOnlyItsWholeFrames) {
  const auto source = source_for("int32");
  const auto frames_expected = [&](int offset) {
    const auto plan = source.build("end_of_stream/int32/whole/at_offset-" + std::to_string(offset));
    EXPECT_TRUE(plan) << plan.error();
    std::size_t count = 0;
    for (const auto& step : plan->steps) {
      if (const auto* frames = std::get_if<ExpectFrames>(&step.action))
        count += frames->frames.size();
    }
    return count;
  };
  EXPECT_EQ(frames_expected(0), 0U);
  EXPECT_EQ(frames_expected(8), 0U);
  EXPECT_EQ(frames_expected(9), 1U);
  EXPECT_EQ(frames_expected(13), 1U);
  EXPECT_EQ(frames_expected(14), 2U);
  EXPECT_EQ(cut_step(*source.build("end_of_stream/int32/whole/at_offset-13")).bytes.size(), 13U);
}

TEST(PlanSource, EveryOffsetOfAShortStreamIsAnEnd) {
  const auto source = source_for(
      "int32",
      {.payload_max = {}, .filters = {"end_of_stream/int32/whole/at_offset-*"}, .excludes = {}});
  EXPECT_EQ(source.entries().size(), 34U) << "9 + 5 + 19 bytes, and the end after the last of them";
}

TEST(PlanSource, AnyNameOfASegmentationCanBeBuilt) {
  const auto source = source_for("int32");
  const auto plan = source.build("segmentation/int32/cuts-1-2-5/one_frame");
  ASSERT_TRUE(plan) << plan.error();
  EXPECT_EQ(plan->segmentation, "cuts-1-2-5");
  const auto filtered = source_for(
      "int32",
      {.payload_max = {}, .filters = {"segmentation/int32/cuts-1-2-5/one_frame"}, .excludes = {}});
  ASSERT_EQ(filtered.entries().size(), 1U);
  EXPECT_EQ(filtered.entries()[0].segments, 4U);
}

TEST(PlanSource, AWrongIdIsExplained) {
  const auto source = source_for("int32");
  const auto error_of = [&](const char* id) { return source.build(id).error(); };
  EXPECT_EQ(error_of("length"),
            "an id has the form area/dialect/segmentation/name, and \"length\" has not");
  EXPECT_EQ(error_of("lenght/int32/whole/empty"), "there is no area \"lenght\"");
  EXPECT_EQ(error_of("length/int64/whole/empty"), "the dialect here is \"int32\", not \"int64\"");
  EXPECT_EQ(error_of("length/int32/whole/emtpy"),
            "there is no case \"emtpy\" in the area \"length\"");
  EXPECT_EQ(error_of("length/int32/whole/negative-highest"),
            "there is no case \"negative-highest\" in the area \"length\"");
  EXPECT_EQ(error_of("length/int32/whole/negative-lowest-7"),
            "there is no case \"negative-lowest-7\" in the area \"length\"");
  EXPECT_NE(error_of("length/int32/cut_at-99/empty").find("99"), std::string::npos);
  EXPECT_EQ(error_of("length/int32/whole/wrong_trailer-first"),
            "this case does not apply to the dialect \"int32\": it has no trailer");
}

TEST(PlanSource, ACaseOfSeveralValuesAloneStandsForItsFirst) {
  const auto source = source_for("int32");
  const auto plan = source.build("length/int32/whole/negative");
  ASSERT_TRUE(plan) << plan.error();
  EXPECT_EQ(plan->id, "length/int32/whole/negative-minus_one");
}

TEST(PlanSource, FiltersExcludesAndLevelChoose) {
  const auto count = [](ExpandOptions options) {
    return source_for("int32", std::move(options)).entries().size();
  };
  const auto all = count({.payload_max = {}, .filters = {}, .excludes = {}});
  const auto length = count({.payload_max = {}, .filters = {"length/*"}, .excludes = {}});
  EXPECT_GT(length, 100U);
  EXPECT_EQ(count({.payload_max = {}, .filters = {}, .excludes = {"length/*"}}), all - length);
  EXPECT_EQ(count({.payload_max = {}, .filters = {"sanity/*", "length/*"}, .excludes = {}}),
            length + 1);
  const auto musts = source_for(
      "int32", {.payload_max = {}, .level = Level::kMust, .filters = {}, .excludes = {}});
  EXPECT_LT(musts.entries().size(), all);
  EXPECT_TRUE(std::ranges::all_of(musts.entries(), [](const PlanEntry& entry) {
    return entry.suite_case->level == Level::kMust;
  }));
}

TEST(PlanSource, AFilterLetsThroughWhatItsGlobMatches) {
  const auto all = source_for("int32");
  for (const std::string glob :
       {"length/*", "*/one_frame", "*", "length/*/whole/negative-*", "*cut_at-?/*", "*_frame*s",
        "end_of_stream/*-?", "*/whole+end/*", "length/int32*negative-lowest", "?e*th/*/empty",
        "length/int32/whole/empty", "segmentation/int?2/*/*/*", "l*/int32/w*e/*-*_frame"}) {
    std::vector<std::string> expected;
    for (const auto& entry : all.entries()) {
      if (matches_glob(glob, entry.id)) expected.push_back(entry.id);
    }
    const auto filtered =
        source_for("int32", {.payload_max = {}, .filters = {glob}, .excludes = {}});
    EXPECT_TRUE(std::ranges::equal(filtered.entries(), expected, {}, &PlanEntry::id)) << glob;
  }
}

TEST(PlanSource, TheSeedChoosesTheRandomSegmentations) {
  const auto source = source_for(
      "int32",
      {.payload_max = {}, .seed = 900, .filters = {"segmentation/*/one_frame"}, .excludes = {}});
  EXPECT_TRUE(std::ranges::any_of(
      source.entries(), [](const PlanEntry& entry) { return entry.segmentation == "random-907"; }));
}

TEST(PlanSource, WhatDoesNotApplyIsListedWithAReason) {
  const auto source = source_for("int32");
  const auto found = std::ranges::find(source.not_applicable(),
                                       "length/int32/*/wrong_trailer-first", &NotApplicable::id);
  ASSERT_NE(found, source.not_applicable().end());
  EXPECT_EQ(found->reason, "it has no trailer");
}

TEST(PlanSource, CasesThatLookAtTheTesteeAreExclusive) {
  const auto source = source_for("int32");
  for (const auto& entry : source.entries()) {
    const auto plan_looks = entry.id.find("descriptors") != std::string::npos ||
                            entry.id.find("flood_memory") != std::string::npos ||
                            entry.id.find("announced_and_not_sent") != std::string::npos ||
                            entry.id.ends_with("/fragments") || entry.suite_case->area == "memory";
    EXPECT_EQ(entry.is_exclusive, plan_looks) << entry.id;
  }
}

TEST(PlanSource, ItsPlansOutliveAMove) {
  auto source = source_for("int32");
  const auto plan = source.build("sanity/int32/whole/echo");
  const auto moved = std::move(source);
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->dialect, &moved.dialect());
  EXPECT_EQ(plan->dialect->name, "int32");
}

TEST(Glob, StarsTakeSlashesAndMarksTakeOne) {
  EXPECT_TRUE(matches_glob("*", ""));
  EXPECT_TRUE(matches_glob("length/*/negative*", "length/int32/cut_at-1/negative-minus_one"));
  EXPECT_TRUE(matches_glob("*cut_at-?/*", "length/int32/cut_at-7/empty"));
  EXPECT_FALSE(matches_glob("*cut_at-?/*", "length/int32/cut_at-17/empty"));
  EXPECT_FALSE(matches_glob("length", "length/int32"));
  EXPECT_FALSE(matches_glob("", "x"));
  EXPECT_TRUE(matches_glob("a*b*c", "a-b-b-c"));
  EXPECT_FALSE(matches_glob("a*b*c", "a-c-b"));
}

TEST(PlanSource, AReservedLengthIsNeverSentAndTheCasesThatWouldAreNamed) {
  const auto set = SuiteSet::built_in();
  const auto reasons = [&](std::uint64_t payload_max) {
    const PlanSource source(*set, *find_dialect("mysql"),
                            {.payload_max = payload_max, .filters = {}, .excludes = {}});
    std::string text;
    for (const auto& item : source.not_applicable()) {
      if (item.reason.find("is reserved") != std::string::npos) text += item.id + "\n";
    }
    return text;
  };
  EXPECT_EQ(reasons(16U << 20U),
            "coalescing/mysql/*/before_an_error\n"
            "coalescing/mysql/*/behind_an_error\n"
            "concurrency/mysql/*/error_of_one\n"
            "end_of_stream/mysql/*/after_error\n"
            "length/mysql/*/too_large-by_one\n"
            "length/mysql/*/too_large-by_one_behind_a_frame\n"
            "length/mysql/*/too_large-by_one_after_an_answer\n"
            "length/mysql/*/too_large-by_one_on_a_second_connection\n"
            "length/mysql/*/answered_before_too_large\n"
            "length/mysql/*/nothing_after_too_large\n"
            "length/mysql/*/graceful_after_error\n"
            "liveness/mysql/*/after_many_errors\n"
            "liveness/mysql/*/after_a_thousand_bad_ends-too_large\n");
  EXPECT_EQ(reasons(1000), "") << "a limit of one's own is one that a receiver keeps";
}

}  // namespace
}  // namespace framespec::conformance
