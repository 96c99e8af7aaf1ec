#include "suite/fixed_case.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

namespace framespec::conformance {

SuiteCase fixed_case(std::string_view area, std::string name, Level level, std::string title,
                     std::string why, std::string remedy, std::vector<std::string> rules) {
  return {.area = std::string(area),
          .name = std::move(name),
          .title = std::move(title),
          .why = std::move(why),
          .remedy = std::move(remedy),
          .rules = std::move(rules),
          .level = level,
          .conditions = {},
          .segmentations = {},
          .values = {}};
}

void add_step(std::vector<CaseStep>& steps, StepAction action) {
  steps.push_back({.connection = "main", .action = std::move(action)});
}

FixedSendStep whole(Send send) { return {.send = std::move(send), .stop_at_most = {}}; }

FixedSendStep cut(Send send, std::optional<std::size_t> stop_at_most) {
  return {.send = std::move(send), .is_cut = true, .stop_at_most = stop_at_most};
}

Send joined(Send first, const Send& second) {
  const std::uint64_t size = first.bytes.size();
  first.bytes.insert(first.bytes.end(), second.bytes.begin(), second.bytes.end());
  for (const std::uint64_t end : second.frame_ends) first.frame_ends.push_back(size + end);
  for (step::Copy copy : second.copies) {
    copy.to += size;
    first.copies.push_back(copy);
  }
  return first;
}

std::size_t share_of(std::size_t all, std::size_t parts, std::size_t least) {
  return std::max(std::min(least, all), all / parts);
}

std::vector<std::size_t> shares_by_size(std::size_t all, const std::vector<std::size_t>& sizes,
                                        std::size_t least) {
  const std::size_t sum = std::accumulate(sizes.begin(), sizes.end(), std::size_t{0});
  std::vector<std::size_t> shares = sizes;
  if (sum <= all) return shares;
  for (std::size_t& share : shares) {
    share = std::max(std::min(share, least), share * all / sum);
  }
  return shares;
}

}  // namespace framespec::conformance
