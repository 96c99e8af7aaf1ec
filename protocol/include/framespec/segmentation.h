// How a byte stream is cut into segments: the vocabulary shared by tests, fuzz targets and the
// runner.
//
// A segmentation has a name that says it all, so that a failure can be repeated from one word:
//
//   whole            one segment
//   cut_at-7         two segments: bytes [0, 7) and the rest
//   cuts-3-9         three segments: [0, 3), [3, 9) and the rest (any number of cuts)
//   chunk-5          segments of 5 bytes; the last may be shorter
//   byte_by_byte     the same as chunk-1
//   random-42        cuts drawn from seed 42; the same on every machine and in every version
//   coalesced-2      two frames in each segment (needs to know where the frames end)
//   straddled        every segment holds the end of one frame and the start of the next (the same)
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framespec/bytes.h"

namespace framespec {

/// The most cuts that a segmentation can have. The cuts are held in memory, eight bytes each:
/// streams of any size have names, but a stream of 2^40 bytes can be cut in chunks of 1 MiB, not of
/// one byte.
inline constexpr std::uint64_t kCutCountMax = std::uint64_t{1} << 25U;

/// One way to cut a stream. A value: cheap to copy for short streams, comparable, nameable.
///
/// Every name that is produced here is understood by parse(), which gives an equal segmentation for
/// the same stream size and frame ends. Two segmentations are equal when size and cuts are,
/// whatever their names: chunk-5 of seven bytes is cut_at-5.
class Segmentation {
 public:
  /// One segment (none at all for an empty stream).
  static Segmentation whole(std::uint64_t stream_size);

  /// Cuts at `cuts`; called `whole`, `cut_at-7` or `cuts-3-9`, as they are.
  /// Precondition (checked by parse(), asserted here): strictly ascending offsets, each above 0 and
  /// below `stream_size`; at most kCutCountMax of them.
  static Segmentation at(std::uint64_t stream_size, std::vector<std::uint64_t> cuts);

  /// Segments of `chunk_size` bytes; the last may be shorter.
  /// Precondition (checked by parse(), asserted here): chunk_size >= smallest_chunk(stream_size).
  static Segmentation chunks(std::uint64_t stream_size, std::uint64_t chunk_size);

  /// Segments of one byte. Precondition: stream_size <= kCutCountMax + 1.
  static Segmentation byte_by_byte(std::uint64_t stream_size);

  /// The smallest chunk size, at least 1, that needs no more than kCutCountMax cuts.
  static std::uint64_t smallest_chunk(std::uint64_t stream_size) noexcept;

  /// Cuts drawn from `seed`: sizes from 1 byte up, small ones more often than large ones. A stream
  /// of two bytes or more is cut at least once. Seeds differ in grain: some cut almost everywhere,
  /// some a few times; streams up to 4 KiB can be cut anywhere, and larger ones, too large to be
  /// cut everywhere, on average at most about once in a 4096th of their size / log2 of it.
  ///
  /// The cuts are part of the interface. With g = SplitMix64(seed), m = floor(log2(stream_size -
  /// 1)): the largest exponent e = max(0, m - 12) + g.below(min(m, 12) + 1); then, until the stream
  /// is used up, a segment of 1 + g.bits(g.below(e + 1)) bytes.
  static Segmentation random(std::uint64_t stream_size, std::uint64_t seed);

  /// A cut after every `frames_per_segment` (at least 1) frames. `frame_ends` are the offsets just
  /// after each frame: strictly ascending, above 0, the last of them at most `stream_size`. Bytes
  /// behind the last frame count as one more frame.
  static Segmentation coalesced(std::uint64_t stream_size,
                                std::span<const std::uint64_t> frame_ends,
                                std::size_t frames_per_segment);

  /// A cut in the middle of every frame of two bytes or more, and none between frames.
  static Segmentation straddled(std::uint64_t stream_size,
                                std::span<const std::uint64_t> frame_ends);

  /// The segmentation called `name` (see the top of this file) for a stream of `stream_size` bytes,
  /// or a sentence that says what is wrong with the name. Numbers are in decimal digits, without
  /// sign or leading zero.
  static std::expected<Segmentation, std::string> parse(
      std::string_view name, std::uint64_t stream_size,
      std::span<const std::uint64_t> frame_ends = {});

  const std::string& name() const noexcept { return name_; }
  std::uint64_t stream_size() const noexcept { return stream_size_; }
  std::span<const std::uint64_t> cuts() const noexcept { return cuts_; }

  /// Number of segments: one more than the cuts, none for an empty stream.
  std::size_t segment_count() const noexcept { return stream_size_ == 0 ? 0 : cuts_.size() + 1; }

  /// The segment of that index as a view into `stream`, whose size must be stream_size().
  Bytes segment(Bytes stream, std::size_t index) const;

  /// The same cuts under the name that lists them (`whole`, `cut_at-7`, `cuts-3-9`), whatever they
  /// were drawn from: such a name needs no frame ends.
  Segmentation explicit_cuts() const;

  bool operator==(const Segmentation& other) const {
    return stream_size_ == other.stream_size_ && cuts_ == other.cuts_;
  }

 private:
  Segmentation(std::string name, std::uint64_t stream_size, std::vector<std::uint64_t> cuts);

  std::string name_;
  std::uint64_t stream_size_ = 0;
  std::vector<std::uint64_t> cuts_;
};

/// Called with each segmentation of a family; false stops the enumeration.
using SegmentationVisitor = std::function<bool(const Segmentation&)>;

/// The families. Each calls `visit` once for each member, in a fixed order, and returns whether it
/// went to the end. They are lazy: memory does not grow with the number of members.
bool for_every_cut(std::uint64_t stream_size, const SegmentationVisitor& visit);
bool for_every_pair_of_cuts(std::uint64_t stream_size, const SegmentationVisitor& visit);
/// Chunk sizes 1, 2, … up to `stream_size` - 1; above 32 MiB from smallest_chunk(stream_size) on.
bool for_every_chunk_size(std::uint64_t stream_size, const SegmentationVisitor& visit);
/// `count` random ones, of the seeds `seed`, `seed` + 1, …
bool for_random(std::uint64_t stream_size, std::uint64_t seed, std::size_t count,
                const SegmentationVisitor& visit);
/// All 2^(n-1) segmentations of a short stream. Precondition: stream_size <= kExhaustiveSizeMax.
inline constexpr std::uint64_t kExhaustiveSizeMax = 24;
bool for_all(std::uint64_t stream_size, const SegmentationVisitor& visit);

struct ThoroughOptions {
  std::size_t cuts_max = 512;  ///< members of each family, before it is thinned out
  std::size_t random_count = 16;
  std::uint64_t seed = 1;
  /// Where frames end, if that is known: adds coalesced-1, coalesced-2 and straddled.
  // NOLINTNEXTLINE(readability-redundant-member-init): without it GCC warns where it is left out
  std::span<const std::uint64_t> frame_ends = {};
};

/// The thorough set for a stream of any size, in this order: whole, byte by byte, every cut, every
/// chunk size that makes three segments or more, every pair of cuts if there are at most `cuts_max`
/// pairs, those that need frame ends, and the random ones. At most 3 * cuts_max + random_count + 5
/// members: a family with more than `cuts_max` is thinned out, its first and last
/// quarter without gaps (prefixes and trailers are there) and the rest evenly.
bool for_thorough(std::uint64_t stream_size, const ThoroughOptions& options,
                  const SegmentationVisitor& visit);

/// Makes a failing segmentation minimal: leaves out cuts as long as `still_fails` says true of what
/// is left, large groups first. In the result no single cut can be left out. Deterministic; calls
/// still_fails O(n log n) times as a rule and O(n^2) at worst, and never more than `calls_max`
/// times: then the smallest one found so far is returned. Precondition: still_fails(failing).
Segmentation shrink(const Segmentation& failing,
                    const std::function<bool(const Segmentation&)>& still_fails,
                    std::size_t calls_max = std::numeric_limits<std::size_t>::max());

}  // namespace framespec
