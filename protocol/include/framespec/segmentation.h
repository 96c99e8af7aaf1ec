// How a byte stream is cut into segments: the vocabulary shared by tests, fuzz targets and the runner.
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
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "framespec/bytes.h"

namespace framespec {

/// One way to cut a stream. A value: cheap to copy for short streams, comparable, nameable.
class Segmentation {
 public:
  /// One segment (none at all for an empty stream).
  static Segmentation whole(std::uint64_t stream_size);

  /// Cuts at `cuts`: strictly ascending offsets, each above 0 and below `stream_size`.
  /// Precondition (checked by parse(), asserted here): just that.
  static Segmentation at(std::uint64_t stream_size, std::vector<std::uint64_t> cuts);

  /// Segments of `chunk_size` bytes (at least 1); the last may be shorter.
  static Segmentation chunks(std::uint64_t stream_size, std::uint64_t chunk_size);

  static Segmentation byte_by_byte(std::uint64_t stream_size);

  /// Cuts drawn from `seed`: sizes from 1 byte up, small ones more often than large ones.
  static Segmentation random(std::uint64_t stream_size, std::uint64_t seed);

  /// `frames_per_segment` whole frames in each segment; `frame_ends` are the offsets just after
  /// each frame, ascending, the last of them at most `stream_size`.
  static Segmentation coalesced(std::uint64_t stream_size, std::span<const std::uint64_t> frame_ends,
                                std::size_t frames_per_segment);

  /// A cut in the middle of every frame and none between frames.
  static Segmentation straddled(std::uint64_t stream_size, std::span<const std::uint64_t> frame_ends);

  /// The segmentation called `name` (see the top of this file) for a stream of `stream_size` bytes,
  /// or a sentence that says what is wrong with the name.
  static std::expected<Segmentation, std::string> parse(std::string_view name,
                                                        std::uint64_t stream_size,
                                                        std::span<const std::uint64_t> frame_ends = {});

  const std::string& name() const noexcept { return name_; }
  std::uint64_t stream_size() const noexcept { return stream_size_; }
  std::span<const std::uint64_t> cuts() const noexcept { return cuts_; }

  /// Number of segments: one more than the cuts, none for an empty stream.
  std::size_t segment_count() const noexcept { return stream_size_ == 0 ? 0 : cuts_.size() + 1; }

  /// The segment of that index as a view into `stream`, whose size must be stream_size().
  Bytes segment(Bytes stream, std::size_t index) const;

  /// The same cuts under the name `cuts-…`, whatever they were drawn from.
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
/// Chunk sizes 1, 2, … up to `stream_size` - 1.
bool for_every_chunk_size(std::uint64_t stream_size, const SegmentationVisitor& visit);
/// `count` random ones, of the seeds `seed`, `seed` + 1, …
bool for_random(std::uint64_t stream_size, std::uint64_t seed, std::size_t count,
                const SegmentationVisitor& visit);
/// All 2^(n-1) segmentations of a short stream. Precondition: stream_size <= kExhaustiveSizeMax.
inline constexpr std::uint64_t kExhaustiveSizeMax = 24;
bool for_all(std::uint64_t stream_size, const SegmentationVisitor& visit);

/// The thorough set for a stream of any size, whose cost stays bounded: whole, byte by byte, every cut
/// and every chunk size (thinned out evenly above `cuts_max` members each, ends kept), pairs where
/// there are at most `cuts_max` of them, and `random_count` random ones from `seed`.
struct ThoroughOptions {
  std::size_t cuts_max = 512;
  std::size_t random_count = 16;
  std::uint64_t seed = 1;
};
bool for_thorough(std::uint64_t stream_size, const ThoroughOptions& options,
                  const SegmentationVisitor& visit);

/// Makes a failing segmentation minimal: leaves out cuts as long as `still_fails` says true of what is
/// left. In the result no single cut can be left out; calls still_fails O(n log n) times as a rule and
/// O(n^2) at worst. Precondition: still_fails(failing).
Segmentation shrink(const Segmentation& failing,
                    const std::function<bool(const Segmentation&)>& still_fails);

}  // namespace framespec
