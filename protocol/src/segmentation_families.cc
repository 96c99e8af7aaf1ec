#include <algorithm>
#include <cassert>

#include "framespec/segmentation.h"

namespace framespec {
namespace {

// Calls `visit` with the numbers of [first, last], or, where they are more than `count_max`, with
// that many of them: the first and last quarter of what is allowed without gaps, the rest evenly.
bool for_thinned(std::uint64_t first, std::uint64_t last, std::uint64_t count_max,
                 const std::function<bool(std::uint64_t)>& visit) {
  if (first > last || count_max == 0) return true;
  const std::uint64_t size = last - first + 1;
  const std::uint64_t count = std::min(size, count_max);
  const std::uint64_t dense = count == size ? count : count / 4;
  for (std::uint64_t index = 0; index < dense; ++index) {
    if (!visit(first + index)) return false;
  }
  if (count == size) return true;
  const std::uint64_t sparse = count - 2 * dense;
  const std::uint64_t sparse_size = size - 2 * dense;
  // Rounded down step by step: quotient and remainder apart, as the product may exceed 64 bits.
  const std::uint64_t step = sparse_size / sparse;
  const std::uint64_t rest = sparse_size % sparse;
  for (std::uint64_t index = 0; index < sparse; ++index) {
    const std::uint64_t shift = index * step + index * rest / sparse;
    if (!visit(first + dense + shift)) return false;
  }
  for (std::uint64_t index = dense; index > 0; --index) {
    if (!visit(last - index + 1)) return false;
  }
  return true;
}

bool for_known_frame_ends(std::uint64_t stream_size, std::span<const std::uint64_t> frame_ends,
                          const SegmentationVisitor& visit) {
  if (frame_ends.empty()) return true;
  return visit(Segmentation::coalesced(stream_size, frame_ends, 1)) &&
         visit(Segmentation::coalesced(stream_size, frame_ends, 2)) &&
         visit(Segmentation::straddled(stream_size, frame_ends));
}

// Whether (size - 1)(size - 2) / 2, the pairs of cuts, are at most `count_max`.
bool has_few_pairs(std::uint64_t stream_size, std::uint64_t count_max) {
  if (stream_size < 3) return true;
  const std::uint64_t cut_count = stream_size - 1;
  return (cut_count - 1) / 2 <= count_max / cut_count &&
         cut_count * (cut_count - 1) / 2 <= count_max;
}

}  // namespace

bool for_every_cut(std::uint64_t stream_size, const SegmentationVisitor& visit) {
  for (std::uint64_t cut = 1; cut < stream_size; ++cut) {
    if (!visit(Segmentation::at(stream_size, {cut}))) return false;
  }
  return true;
}

bool for_every_pair_of_cuts(std::uint64_t stream_size, const SegmentationVisitor& visit) {
  for (std::uint64_t first = 1; first < stream_size; ++first) {
    for (std::uint64_t second = first + 1; second < stream_size; ++second) {
      if (!visit(Segmentation::at(stream_size, {first, second}))) return false;
    }
  }
  return true;
}

bool for_every_chunk_size(std::uint64_t stream_size, const SegmentationVisitor& visit) {
  for (std::uint64_t size = Segmentation::smallest_chunk(stream_size); size < stream_size; ++size) {
    if (!visit(Segmentation::chunks(stream_size, size))) return false;
  }
  return true;
}

bool for_random(std::uint64_t stream_size, std::uint64_t seed, std::size_t count,
                const SegmentationVisitor& visit) {
  for (std::size_t index = 0; index < count; ++index) {
    if (!visit(Segmentation::random(stream_size, seed + index))) return false;
  }
  return true;
}

bool for_all(std::uint64_t stream_size, const SegmentationVisitor& visit) {
  assert(stream_size <= kExhaustiveSizeMax);
  const unsigned place_count = stream_size < 2 ? 0 : static_cast<unsigned>(stream_size) - 1;
  for (std::uint64_t chosen = 0; chosen < (std::uint64_t{1} << place_count); ++chosen) {
    std::vector<std::uint64_t> cuts;
    for (unsigned place = 0; place < place_count; ++place) {
      if ((chosen >> place & 1U) != 0) cuts.push_back(place + 1);
    }
    if (!visit(Segmentation::at(stream_size, std::move(cuts)))) return false;
  }
  return true;
}

bool for_thorough(std::uint64_t stream_size, const ThoroughOptions& options,
                  const SegmentationVisitor& visit) {
  if (!visit(Segmentation::whole(stream_size))) return false;
  if (stream_size < 2) return true;
  const std::uint64_t smallest = Segmentation::smallest_chunk(stream_size);
  const Segmentation finest = smallest == 1 ? Segmentation::byte_by_byte(stream_size)
                                            : Segmentation::chunks(stream_size, smallest);
  if (!visit(finest)) return false;

  const auto visit_cut = [&](std::uint64_t cut) {
    return visit(Segmentation::at(stream_size, {cut}));
  };
  if (!for_thinned(1, stream_size - 1, options.cuts_max, visit_cut)) return false;

  const auto visit_chunk_size = [&](std::uint64_t size) {
    return visit(Segmentation::chunks(stream_size, size));
  };
  // Chunks of half the stream or more are a single cut.
  const std::uint64_t largest = (stream_size - 1) / 2;
  if (!for_thinned(smallest + 1, largest, options.cuts_max, visit_chunk_size)) return false;

  if (has_few_pairs(stream_size, options.cuts_max) && !for_every_pair_of_cuts(stream_size, visit)) {
    return false;
  }
  return for_known_frame_ends(stream_size, options.frame_ends, visit) &&
         for_random(stream_size, options.seed, options.random_count, visit);
}

}  // namespace framespec
