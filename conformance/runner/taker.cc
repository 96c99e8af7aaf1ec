#include "runner/taker.h"

#include <algorithm>
#include <utility>

namespace framespec::conformance {
namespace {

constexpr std::size_t kTakersMax = 8;

}  // namespace

Taker taker_of(std::uint64_t inode, const Testee& testee) {
  const auto owner = testee.owner_of_socket(inode);
  if (!owner) return {};
  Taker taker{.pid = owner->pid, .name = owner->name, .is_testee = std::nullopt};
  if (testee.is_launched()) taker.is_testee = owner->is_descendant;
  return taker;
}

void add_taker(std::vector<Taker>& takers, Taker taker) {
  const bool is_known = std::ranges::any_of(takers, [&](const Taker& known) {
    return known.name == taker.name && known.is_testee == taker.is_testee;
  });
  if (!is_known && takers.size() < kTakersMax) takers.push_back(std::move(taker));
}

}  // namespace framespec::conformance
