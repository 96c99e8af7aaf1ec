// Replies that are cut and joined on purpose, to try a client by hand.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "framespec/segmentation.h"

namespace framespec::server {

/// A segmentation as framespec/segmentation.h names it, for replies of any size.
///
/// `coalesced-N` and `straddled` are of several replies, taken as one stream; every other is of
/// each reply by itself. Cuts behind the end of a short reply are left out.
class ReplySegmentation {
 public:
  /// The front of a reply, or of several, that is cut; what lies behind it is sent as it comes. Cut
  /// byte by byte this takes a minute, and a payload of 16 MiB would take hours.
  static constexpr std::size_t kCutSizeMax = std::size_t{64} * 1024;
  /// The least time from one send to the next, so that an idle receiver reads in between. It proves
  /// nothing.
  static constexpr std::chrono::milliseconds kPause{1};
  /// How long a reply is held for others to be joined with it.
  static constexpr std::chrono::milliseconds kHeldMax{50};

  /// Or a sentence that says what is wrong with `name`.
  static std::expected<ReplySegmentation, std::string> parse(std::string_view name);

  /// Whether it is of several replies.
  bool joins() const noexcept { return joins_; }

  /// That of `stream_size` bytes, which hold replies that end at `reply_ends`: ascending offsets
  /// above 0, the last of them `stream_size`.
  Segmentation of(std::uint64_t stream_size, std::span<const std::uint64_t> reply_ends) const;

 private:
  ReplySegmentation(Segmentation longest, bool joins)
      : longest_(std::move(longest)), joins_(joins) {}

  Segmentation longest_;  // that of kCutSizeMax bytes
  bool joins_;
};

}  // namespace framespec::server
