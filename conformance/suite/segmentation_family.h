// The segmentations of a case: families that expand into many, thinned out to a bounded number.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "suite/suite_case.h"

namespace framespec::conformance {

/// What is known of the stream that is to be cut.
struct StreamShape {
  std::uint64_t size = 0;
  std::span<const std::uint64_t> frame_ends = {};
  /// Offsets where a field (lead, length, header, payload, trailer) or a frame begins or ends.
  std::span<const std::uint64_t> field_edges = {};
};

/// Name in an id of the plan whose bytes are all queued before the testee reads any.
inline constexpr std::string_view kForcedCoalescing = "forced_coalescing";
/// The most bytes that can be queued so.
inline constexpr std::uint64_t kForcedCoalescingSizeMax = 65536;

/// Behind the name of a segmentation, "whole" too: the end of the stream comes in the segment of
/// its last bytes, and not in one of its own.
inline constexpr std::string_view kWithEnd = "+end";
[[nodiscard]] constexpr bool has_end(std::string_view name) noexcept {
  return name.ends_with(kWithEnd);
}
[[nodiscard]] constexpr std::string_view without_end(std::string_view name) noexcept {
  return has_end(name) ? name.substr(0, name.size() - kWithEnd.size()) : name;
}

/// Reads "every_cut", "every_cut*32", "every_pair", "every_chunk", "field_cuts", "random*8",
/// "forced_coalescing", or the name of a single segmentation, "whole" excepted; each but
/// "forced_coalescing", and "whole" too, also with kWithEnd.
std::expected<SegmentationFamily, std::string> parse_segmentation_family(std::string_view text);

/// The names of the members of all families for this stream, each once, in order, without "whole".
/// Members that cut nothing are left out, and so are those that the stream is too short or too long
/// for.
std::vector<std::string> segmentation_names(std::span<const SegmentationFamily> families,
                                            const StreamShape& shape, std::uint64_t seed);

/// Leaves `most` (at least 2) of the ascending `values`: the first and last quarter without gaps,
/// where prefixes and trailers are, and the rest evenly.
std::vector<std::uint64_t> thinned(const std::vector<std::uint64_t>& values, std::size_t most);

}  // namespace framespec::conformance
