// Shows the bytes of a stream to a person: which part of a frame each is, and where it was cut.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "report/terminal.h"
#include "suite/plan.h"

namespace framespec::conformance {

enum class WirePart : std::uint8_t { kPrefix, kHeader, kPayload, kTrailer, kRest };

/// Bytes [begin, end) of the stream are this part of frame `frame` (from 0). kRest: what follows
/// the last frame that could be made out.
struct WireRegion {
  WirePart part = WirePart::kRest;
  std::size_t frame = 0;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// The parts of `stream`, in order and without gaps; empty parts are left out. Stops at the first
/// thing that is wrong. Of a stream of `size` bytes the first may be enough: a frame whose prefix
/// is not there is rest.
[[nodiscard]] std::vector<WireRegion> wire_regions(const Dialect& dialect, Bytes stream,
                                                   std::uint64_t size);
[[nodiscard]] inline std::vector<WireRegion> wire_regions(const Dialect& dialect, Bytes stream) {
  return wire_regions(dialect, stream, stream.size());
}

/// "prefix", "JSON header", "payload", "trailer", "rest".
[[nodiscard]] std::string_view name_of(WirePart part) noexcept;

/// The bytes of a plan that are cut, or else the first that are sent; null where none are.
[[nodiscard]] const Send* shown_send(const Plan& plan);

/// A stream, or the beginning of one of `size` bytes, and where it was cut.
struct CutStream {
  Bytes bytes;
  std::uint64_t size = 0;
  std::span<const std::uint64_t> cuts;
};

/// Two lines: the bytes in hex with ` | ` where they were cut, and below it what they are, each
/// part in a colour of its own:
///
///     05 | 00 00 00 68 65 6c 6c 6f
///     prefix        payload
///
/// Long streams are shortened, around the cuts and the edges of the parts last. `indent`: columns
/// that a line already has.
[[nodiscard]] std::vector<std::string> wire_view(const Dialect& dialect, const CutStream& stream,
                                                 const Style& style = Style::plain(),
                                                 std::size_t indent = 0);

/// "[0, 1) and [1, 9)": segments in words; their middle left out where there are many.
[[nodiscard]] std::string segments_in_words(std::uint64_t stream_size,
                                            std::span<const std::uint64_t> cuts);

}  // namespace framespec::conformance
