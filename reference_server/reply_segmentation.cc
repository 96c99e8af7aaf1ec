#include "reply_segmentation.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace framespec::server {

std::expected<ReplySegmentation, std::string> ReplySegmentation::parse(std::string_view name) {
  const std::array<std::uint64_t, 1> one_reply{kCutSizeMax};
  auto longest = Segmentation::parse(name, kCutSizeMax, one_reply);
  if (!longest) return std::unexpected(longest.error());
  // What cannot do without the ends of frames is of several.
  const bool joins = !Segmentation::parse(name, kCutSizeMax);
  return ReplySegmentation(*std::move(longest), joins);
}

Segmentation ReplySegmentation::of(std::uint64_t stream_size,
                                   std::span<const std::uint64_t> reply_ends) const {
  if (auto exact = Segmentation::parse(longest_.name(), stream_size, reply_ends)) {
    return *std::move(exact);
  }
  // Its cuts are written in its name, and the last ones lie behind this stream's end.
  const auto cuts = longest_.cuts();
  return Segmentation::at(stream_size, {cuts.begin(), std::ranges::lower_bound(cuts, stream_size)});
}

}  // namespace framespec::server
