#include <algorithm>

#include "framespec/segmentation.h"

namespace framespec {
namespace {

std::vector<std::uint64_t> without(std::span<const std::uint64_t> cuts, std::size_t begin,
                                   std::size_t end) {
  std::vector<std::uint64_t> rest(cuts.begin(), cuts.begin() + static_cast<std::ptrdiff_t>(begin));
  rest.insert(rest.end(), cuts.begin() + static_cast<std::ptrdiff_t>(end), cuts.end());
  return rest;
}

}  // namespace

Segmentation shrink(const Segmentation& failing,
                    const std::function<bool(const Segmentation&)>& still_fails,
                    std::size_t calls_max) {
  Segmentation smallest = failing.explicit_cuts();
  std::size_t calls = 0;
  std::size_t group = smallest.cuts().size();
  while (group > 0) {
    bool left_out = false;
    for (std::size_t begin = 0; begin < smallest.cuts().size();) {
      if (calls == calls_max) return smallest;
      ++calls;
      const std::size_t end = std::min(begin + group, smallest.cuts().size());
      Segmentation candidate =
          Segmentation::at(smallest.stream_size(), without(smallest.cuts(), begin, end));
      if (still_fails(candidate)) {
        smallest = std::move(candidate);
        left_out = true;
      } else {
        begin = end;
      }
    }
    // Single cuts are tried again until none can go: one may become needless when another has gone.
    if (group > 1) {
      group /= 2;
    } else if (!left_out) {
      break;
    }
  }
  return smallest;
}

}  // namespace framespec
