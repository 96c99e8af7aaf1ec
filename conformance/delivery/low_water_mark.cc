#include "delivery/low_water_mark.h"

#include <algorithm>
#include <utility>

namespace framespec::delivery {

void LowWaterMark::begin_wait() {
  before_.reset();
  pause_ = kBetween;
  next_look_ = Clock::now() + kBetween;
}

bool LowWaterMark::holds_back(std::uint32_t inode, std::uint64_t queued, std::uint64_t sent) {
  if (testee_ == 0 || !is_believed_) return false;
  if (held_back_ && queued == held_back_->queued + (sent - held_back_->sent)) {
    const auto seen = look(inode, queued, sent);
    if (seen && seen->mark == held_back_->mark) return true;
  }
  held_back_.reset();
  if (Clock::now() < next_look_) return false;
  const auto seen = look(inode, queued, sent);
  // Who is not held back may be asked less and less often.
  pause_ = seen ? kBetween : std::min<Clock::duration>(pause_ * 2, kBetweenMax);
  next_look_ = Clock::now() + pause_;
  if (std::exchange(before_, seen) == seen) held_back_ = seen;
  return held_back_.has_value();
}

bool LowWaterMark::has_held_back(std::uint32_t inode, std::uint64_t queued, std::uint64_t sent) {
  if (testee_ == 0) return false;
  held_back_ = look(inode, queued, sent);
  is_believed_ |= held_back_.has_value();
  return held_back_.has_value();
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
