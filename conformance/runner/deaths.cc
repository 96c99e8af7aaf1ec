#include "runner/deaths.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <vector>

namespace framespec::conformance {
namespace {

// "length/int32/whole/negative-minus_one" is of the area "length" and of the case "negative".
std::string area_of(std::string_view id) { return std::string(id.substr(0, id.find('/'))); }

std::string case_of(std::string_view id) {
  const std::string_view name = id.substr(id.rfind('/') + 1);
  return fmt::format("{}/{}", area_of(id), name.substr(0, name.find('-')));
}

std::string times(std::size_t count) {
  return count == 1 ? "once" : fmt::format("{} times", count);
}

}  // namespace

std::string how_often(std::span<const Death> deaths) {
  std::map<std::string, std::size_t> ways;
  for (const Death& death : deaths) ++ways[to_string(death.end)];
  if (ways.size() == 1) return fmt::format("{}: it {}", times(deaths.size()), ways.begin()->first);
  std::vector<std::string> words;
  words.reserve(ways.size());
  for (const auto& [way, count] : ways) words.push_back(fmt::format("{} {}", times(count), way));
  return fmt::format("{}: {}", times(deaths.size()), fmt::join(words, ", "));
}

std::string in_common(std::span<const Death> deaths) {
  if (deaths.size() < 2) return {};
  std::set<std::string> cases;
  std::set<std::string> areas;
  for (const Death& death : deaths) {
    cases.insert(case_of(death.plan_id));
    areas.insert(area_of(death.plan_id));
  }
  if (cases.size() == 1) return fmt::format("always in {}", *cases.begin());
  const auto [least, most] = std::ranges::minmax(deaths, {}, &Death::connections);
  // Several connections of one plan may be open before its death shows.
  constexpr std::uint64_t kAlike = 4;
  if (least.connections > 1 && most.connections - least.connections <= kAlike) {
    return least.connections == most.connections
               ? fmt::format("each time at its connection number {}", least.connections)
               : fmt::format("each time after {} to {} connections", least.connections,
                             most.connections);
  }
  if (areas.size() == 1) return fmt::format("always in the area {}", *areas.begin());
  return {};
}

}  // namespace framespec::conformance
