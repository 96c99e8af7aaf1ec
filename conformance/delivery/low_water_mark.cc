#include "delivery/low_water_mark.h"

#include <algorithm>
#include <utility>

namespace framespec::delivery {

void LowWaterMark::begin_wait() {
  before_.reset();
  pause_ = kBetween;
  next_look_ = Clock::now() + kFirst;
}

bool LowWaterMark::holds_back(std::uint32_t inode, std::uint64_t queued, std::uint64_t sent) {
  if (known_) {
    const std::uint64_t expected = known_->queued + (sent - known_->sent);
    if (queued == expected && queued < known_->mark) return true;
    known_.reset();
  }
  if (testee_ == 0 || Clock::now() < next_look_) return false;
  const auto seen = look(inode, queued, sent);
  // Who is not held back may be asked less and less often.
  pause_ = seen ? kBetween : std::min<Clock::duration>(pause_ * 2, kBetweenMax);
  next_look_ = Clock::now() + pause_;
  if (std::exchange(before_, seen) == seen) known_ = seen;
  return known_.has_value();
}

std::optional<LowWaterMark::Seen> LowWaterMark::look(std::uint32_t inode, std::uint64_t queued,
                                                     std::uint64_t sent) {
  if (!socket_) {
    auto borrowed = BorrowedSocket::open(testee_);
    if (!borrowed) return std::nullopt;
    socket_.emplace(std::move(*borrowed));
  }
  const auto mark = socket_->low_water_mark(inode);
  if (!mark || std::cmp_less_equal(*mark, queued) || !socket_->is_holder_asleep()) {
    return std::nullopt;
  }
  return Seen{.queued = queued, .sent = sent, .mark = static_cast<std::uint64_t>(*mark)};
}

}  // namespace framespec::delivery
