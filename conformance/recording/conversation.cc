#include "recording/conversation.h"

#include <fmt/format.h>

#include <utility>

namespace framespec::conformance {

bool Conversation::add(Speaker speaker, Bytes bytes) {
  if (bytes.empty()) return true;
  if (bytes.size() > kRecordedBytesMax - size_) return false;
  if (turns_.empty() || turns_.back().speaker != speaker) {
    if (turns_.size() == kRecordedTurnsMax) return false;
    turns_.push_back({.speaker = speaker, .bytes = {}});
  }
  if (speaker == Speaker::kClient) turns_before_end_.reset();
  ByteVector& said = turns_.back().bytes;
  said.insert(said.end(), bytes.begin(), bytes.end());
  size_ += bytes.size();
  return true;
}

Replay Conversation::to_replay(std::string title) && {
  Replay replay;
  replay.title = std::move(title);
  for (std::size_t index = 0; index < turns_.size(); ++index) {
    Turn& turn = turns_[index];
    if (index == turns_before_end_) replay.steps.push_back({.action = step::Finish{}});
    if (turn.speaker == Speaker::kClient) {
      step::Send send;
      send.bytes = std::move(turn.bytes);
      replay.steps.push_back({.action = std::move(send)});
    } else {
      replay.steps.push_back({.action = step::ExpectAnswer{.bytes = std::move(turn.bytes)}});
    }
  }
  if (turns_before_end_ == turns_.size()) replay.steps.push_back({.action = step::Finish{}});
  replay.main_stays_open = !turns_before_end_;
  return replay;
}

std::string recorded_limits() {
  return fmt::format("more than {} MiB, or than {} turns, of one conversation are not recorded",
                     kRecordedBytesMax >> 20U, kRecordedTurnsMax);
}

}  // namespace framespec::conformance
