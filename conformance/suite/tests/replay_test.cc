#include "framespec/replay.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "suite/suite.h"

namespace framespec::conformance {
namespace {

constexpr std::size_t kTextSizeMax = std::size_t{256} * 1024;

// Of each case unsplit, and of each kind of segmentation one: the others differ by their cuts.
TEST(Replay, ReadsBackThePlansOfEveryCaseAsTheyWere) {
  const auto suites = SuiteSet::built_in();
  ASSERT_TRUE(suites) << to_string(suites.error());
  for (const auto* dialect : {"int32", "json", "varint"}) {
    const PlanSource source(*suites, *find_dialect(dialect),
                            {.payload_max = 2000, .with_long = true});
    std::set<std::string> seen;
    std::size_t count = 0;
    for (const auto& entry : source.entries()) {
      const auto kind = entry.segmentation.substr(0, entry.segmentation.find_first_of("-+"));
      if (!entry.not_run.empty() || !seen.insert(entry.control_id + kind).second) continue;
      const auto plan = source.build(entry);
      const Replay replay{.id = plan.id,
                          .title = plan.title,
                          .rules = plan.rules,
                          .dialect = *plan.dialect,
                          .main_stays_open = plan.after == After::kMainOpen,
                          .origin = {},
                          .steps = plan.steps,
                          .came = {},
                          .failure = {}};
      const std::string text = to_ndjson(replay);
      // Some send megabytes, in thousands of steps: that takes longer and shows no more.
      if (text.size() > kTextSizeMax) continue;
      ++count;
      const auto read = parse_replay(text);
      ASSERT_TRUE(read) << plan.id << ": " << to_string(read.error());
      EXPECT_EQ(read->rules, plan.rules) << plan.id;
      EXPECT_EQ(read->steps, plan.steps) << plan.id;
      EXPECT_EQ(read->main_stays_open, replay.main_stays_open) << plan.id;
      ASSERT_TRUE(read->dialect) << plan.id;
      EXPECT_EQ(to_json(*read->dialect), to_json(*plan.dialect)) << plan.id;
    }
    EXPECT_GT(count, 500U) << dialect;
  }
}

}  // namespace
}  // namespace framespec::conformance
