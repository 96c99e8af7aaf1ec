#include "plots/label_places.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace framespec::bench {
namespace {

TEST(Spread, LeavesAloneWhatHasRoom) {
  EXPECT_EQ(spread({10, 50, 30}, 15, 0, 100), (std::vector<double>{10, 50, 30}));
}

TEST(Spread, KeepsAllApartAndWithin) {
  const auto places = spread({90, 91, 92, 90, 10}, 15, 0, 100);
  EXPECT_EQ(places[4], 10);
  auto sorted = places;
  std::ranges::sort(sorted);
  for (std::size_t i = 1; i < sorted.size(); ++i) EXPECT_GE(sorted[i] - sorted[i - 1], 15);
  EXPECT_LE(sorted.back(), 100);
  // In the order of what was wanted.
  EXPECT_LT(places[0], places[1]);
  EXPECT_LT(places[1], places[2]);
}

TEST(RowsOf, StacksWhatIsInTheWay) {
  EXPECT_EQ(rows_of({{.from = 0, .to = 10}, {.from = 5, .to = 15}, {.from = 10, .to = 20}}),
            (std::vector<std::size_t>{0, 1, 0}));
}

}  // namespace
}  // namespace framespec::bench
