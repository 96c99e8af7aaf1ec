#include "plots/label_places.h"

#include <algorithm>
#include <numeric>

namespace framespec::bench {

std::vector<double> spread(const std::vector<double>& wanted, double apart, double low,
                           double high) {
  std::vector<std::size_t> order(wanted.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return wanted[i]; });
  std::vector<double> places = wanted;
  double least = low;
  for (const std::size_t i : order) {
    places[i] = std::max(wanted[i], least);
    least = places[i] + apart;
  }
  // Those pushed beyond the end push the others back.
  double most = high;
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    places[*at] = std::min(places[*at], most);
    most = places[*at] - apart;
  }
  return places;
}

std::vector<std::size_t> rows_of(const std::vector<Extent>& extents) {
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < extents.size(); ++i) {
    const auto is_free = [&](std::size_t row) {
      for (std::size_t before = 0; before < i; ++before) {
        if (rows[before] == row && extents[before].from < extents[i].to &&
            extents[i].from < extents[before].to) {
          return false;
        }
      }
      return true;
    };
    std::size_t row = 0;
    while (!is_free(row)) ++row;
    rows.push_back(row);
  }
  return rows;
}

}  // namespace framespec::bench
