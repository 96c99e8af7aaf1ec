#include "framespec/segmentation.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <charconv>
#include <optional>
#include <utility>

#include "framespec/shortened.h"
#include "framespec/splitmix64.h"

namespace framespec {
namespace {

// A mistyped name can be a whole file: an error sentence quotes no more than this much of it.
constexpr std::size_t kQuotedNameMax = 60;
// The finest grain of a random segmentation of a large stream: 2^12 times finer than the stream.
constexpr unsigned kRandomExponentRange = 12;

constexpr std::string_view kKnownNames =
    "whole, cut_at-N, cuts-N-M-..., chunk-N, byte_by_byte, random-SEED, coalesced-N, straddled";

[[maybe_unused]] bool are_cuts(std::uint64_t stream_size, std::span<const std::uint64_t> cuts) {
  std::uint64_t previous = 0;
  for (const std::uint64_t cut : cuts) {
    if (cut <= previous || cut >= stream_size) return false;
    previous = cut;
  }
  return cuts.size() <= kCutCountMax;
}

bool are_frame_ends(std::uint64_t stream_size, std::span<const std::uint64_t> frame_ends) {
  std::uint64_t previous = 0;
  for (const std::uint64_t end : frame_ends) {
    if (end <= previous || end > stream_size) return false;
    previous = end;
  }
  return true;
}

std::string name_of_cuts(std::span<const std::uint64_t> cuts) {
  if (cuts.empty()) return "whole";
  std::string name = cuts.size() == 1 ? "cut_at" : "cuts";
  for (const std::uint64_t cut : cuts) {
    name += '-';
    name += std::to_string(cut);
  }
  return name;
}

std::string quoted_name(std::string_view name) {
  return '"' + shortened(name, kQuotedNameMax) + '"';
}

std::unexpected<std::string> bad_name(std::string_view name, std::string_view reason) {
  return std::unexpected(quoted_name(name) + ": " + std::string(reason));
}

std::expected<std::uint64_t, std::string> parse_number(std::string_view digits) {
  const bool all_digits = std::ranges::all_of(
      digits, [](char character) { return character >= '0' && character <= '9'; });
  if (digits.empty() || !all_digits || (digits.size() > 1 && digits.front() == '0')) {
    return std::unexpected(
        quoted_name(digits) +
        " is not a number; decimal digits without sign or leading zero are needed");
  }
  std::uint64_t number = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), number).ec != std::errc{}) {
    return std::unexpected("the number " + quoted_name(digits) + " does not fit in 64 bits");
  }
  return number;
}

// Text behind "prefix-", or nothing if `name` does not start so.
std::optional<std::string_view> argument_of(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix) || name.size() == prefix.size() || name[prefix.size()] != '-') {
    return std::nullopt;
  }
  return name.substr(prefix.size() + 1);
}

std::expected<std::vector<std::uint64_t>, std::string> parse_cuts(std::uint64_t stream_size,
                                                                  std::string_view list) {
  std::vector<std::uint64_t> cuts;
  for (;;) {
    const std::size_t dash = list.find('-');
    const auto cut = parse_number(list.substr(0, dash));
    if (!cut) return std::unexpected(cut.error());
    if (stream_size < 2) {
      return std::unexpected("a stream of " + std::to_string(stream_size) + " bytes cannot be cut");
    }
    if (*cut == 0 || *cut >= stream_size) {
      return std::unexpected("a cut at " + std::to_string(*cut) +
                             " is outside of the stream; 1 to " + std::to_string(stream_size - 1) +
                             " are allowed");
    }
    if (!cuts.empty() && *cut <= cuts.back()) {
      return std::unexpected("the cuts must ascend, but " + std::to_string(*cut) + " comes after " +
                             std::to_string(cuts.back()));
    }
    if (cuts.size() == kCutCountMax) {
      return std::unexpected("more than " + std::to_string(kCutCountMax) + " cuts");
    }
    cuts.push_back(*cut);
    if (dash == std::string_view::npos) return cuts;
    list.remove_prefix(dash + 1);
  }
}

std::expected<std::uint64_t, std::string> parse_chunk_size(std::uint64_t stream_size,
                                                           std::string_view digits) {
  const auto size = parse_number(digits);
  if (!size) return size;
  const std::uint64_t smallest = Segmentation::smallest_chunk(stream_size);
  if (*size >= smallest) return size;
  if (*size == 0) return std::unexpected("chunks have at least 1 byte");
  return std::unexpected("a stream of " + std::to_string(stream_size) +
                         " bytes would have more than " + std::to_string(kCutCountMax) +
                         " cuts; chunks of " + std::to_string(smallest) +
                         " bytes or more are allowed");
}

std::optional<std::string> why_not_frame_ends(std::uint64_t stream_size,
                                              std::span<const std::uint64_t> frame_ends) {
  if (frame_ends.empty() && stream_size > 0) {
    return "this needs to know where the frames end, and no frame ends are known for this stream";
  }
  if (!are_frame_ends(stream_size, frame_ends)) {
    return "the frame ends must ascend, from above 0 to at most the stream's " +
           std::to_string(stream_size) + " bytes";
  }
  return std::nullopt;
}

}  // namespace

Segmentation::Segmentation(std::string name, std::uint64_t stream_size,
                           std::vector<std::uint64_t> cuts)
    : name_(std::move(name)), stream_size_(stream_size), cuts_(std::move(cuts)) {
  assert(are_cuts(stream_size_, cuts_));
}

Segmentation Segmentation::whole(std::uint64_t stream_size) { return {"whole", stream_size, {}}; }

Segmentation Segmentation::at(std::uint64_t stream_size, std::vector<std::uint64_t> cuts) {
  std::string name = name_of_cuts(cuts);
  return {std::move(name), stream_size, std::move(cuts)};
}

std::uint64_t Segmentation::smallest_chunk(std::uint64_t stream_size) noexcept {
  // c chunks need c - 1 cuts, so kCutCountMax + 1 chunks must be enough for the stream.
  const std::uint64_t chunk_count_max = kCutCountMax + 1;
  const std::uint64_t size = stream_size / chunk_count_max;
  return std::max<std::uint64_t>(1, size + (stream_size % chunk_count_max == 0 ? 0 : 1));
}

Segmentation Segmentation::chunks(std::uint64_t stream_size, std::uint64_t chunk_size) {
  assert(chunk_size >= smallest_chunk(stream_size));
  std::vector<std::uint64_t> cuts;
  if (stream_size > chunk_size) {
    cuts.reserve(static_cast<std::size_t>((stream_size - 1) / chunk_size));
    // Compared as a rest, so that a stream of almost 2^64 bytes does not wrap around.
    for (std::uint64_t cut = chunk_size;; cut += chunk_size) {
      cuts.push_back(cut);
      if (stream_size - cut <= chunk_size) break;
    }
  }
  return {"chunk-" + std::to_string(chunk_size), stream_size, std::move(cuts)};
}

Segmentation Segmentation::byte_by_byte(std::uint64_t stream_size) {
  Segmentation result = chunks(stream_size, 1);
  result.name_ = "byte_by_byte";
  return result;
}

Segmentation Segmentation::random(std::uint64_t stream_size, std::uint64_t seed) {
  std::vector<std::uint64_t> cuts;
  if (stream_size >= 2) {
    SplitMix64 generator(seed);
    const auto exponent_max = static_cast<unsigned>(std::bit_width(stream_size - 1)) - 1;
    const unsigned range = std::min(exponent_max, kRandomExponentRange);
    const auto exponent =
        exponent_max - range + static_cast<unsigned>(generator.below(std::uint64_t{range} + 1));
    std::uint64_t position = 0;
    for (;;) {
      const auto size_bits = static_cast<unsigned>(generator.below(std::uint64_t{exponent} + 1));
      const std::uint64_t size = 1 + generator.bits(size_bits);
      if (size >= stream_size - position || cuts.size() == kCutCountMax) break;
      position += size;
      cuts.push_back(position);
    }
  }
  return {"random-" + std::to_string(seed), stream_size, std::move(cuts)};
}

Segmentation Segmentation::coalesced(std::uint64_t stream_size,
                                     std::span<const std::uint64_t> frame_ends,
                                     std::size_t frames_per_segment) {
  assert(frames_per_segment >= 1);
  assert(are_frame_ends(stream_size, frame_ends));
  std::vector<std::uint64_t> cuts;
  for (std::size_t count = frames_per_segment; count <= frame_ends.size();) {
    const std::uint64_t end = frame_ends[count - 1];
    if (end < stream_size) cuts.push_back(end);
    if (frames_per_segment > frame_ends.size() - count) break;
    count += frames_per_segment;
  }
  return {"coalesced-" + std::to_string(frames_per_segment), stream_size, std::move(cuts)};
}

Segmentation Segmentation::straddled(std::uint64_t stream_size,
                                     std::span<const std::uint64_t> frame_ends) {
  assert(are_frame_ends(stream_size, frame_ends));
  std::vector<std::uint64_t> cuts;
  std::uint64_t begin = 0;
  for (const std::uint64_t end : frame_ends) {
    const std::uint64_t middle = begin + (end - begin) / 2;
    if (middle > begin) cuts.push_back(middle);
    begin = end;
  }
  return {"straddled", stream_size, std::move(cuts)};
}

std::expected<Segmentation, std::string> Segmentation::parse(
    std::string_view name, std::uint64_t stream_size, std::span<const std::uint64_t> frame_ends) {
  if (name == "whole") return whole(stream_size);
  if (name == "byte_by_byte") {
    if (const auto size = parse_chunk_size(stream_size, "1"); !size) {
      return bad_name(name, size.error());
    }
    return byte_by_byte(stream_size);
  }
  if (name == "straddled") {
    if (const auto why = why_not_frame_ends(stream_size, frame_ends)) return bad_name(name, *why);
    return straddled(stream_size, frame_ends);
  }
  if (const auto digits = argument_of(name, "cut_at")) {
    if (digits->contains('-'))
      return bad_name(name, "cut_at has one cut; for several write cuts-N-M");
    auto cuts = parse_cuts(stream_size, *digits);
    if (!cuts) return bad_name(name, cuts.error());
    return at(stream_size, *std::move(cuts));
  }
  if (const auto list = argument_of(name, "cuts")) {
    auto cuts = parse_cuts(stream_size, *list);
    if (!cuts) return bad_name(name, cuts.error());
    return at(stream_size, *std::move(cuts));
  }
  if (const auto digits = argument_of(name, "chunk")) {
    const auto size = parse_chunk_size(stream_size, *digits);
    if (!size) return bad_name(name, size.error());
    return chunks(stream_size, *size);
  }
  if (const auto digits = argument_of(name, "random")) {
    const auto seed = parse_number(*digits);
    if (!seed) return bad_name(name, seed.error());
    return random(stream_size, *seed);
  }
  if (const auto digits = argument_of(name, "coalesced")) {
    const auto count = parse_number(*digits);
    if (!count) return bad_name(name, count.error());
    if (*count == 0) return bad_name(name, "there is at least 1 frame in a segment");
    if (const auto why = why_not_frame_ends(stream_size, frame_ends)) return bad_name(name, *why);
    return coalesced(stream_size, frame_ends, static_cast<std::size_t>(*count));
  }
  return bad_name(name, "is not a segmentation; known are " + std::string(kKnownNames));
}

Bytes Segmentation::segment(Bytes stream, std::size_t index) const {
  assert(stream.size() == stream_size_ && index < segment_count());
  const auto begin = static_cast<std::size_t>(index == 0 ? 0 : cuts_[index - 1]);
  const auto end = index == cuts_.size() ? stream.size() : static_cast<std::size_t>(cuts_[index]);
  return stream.subspan(begin, end - begin);
}

Segmentation Segmentation::explicit_cuts() const { return at(stream_size_, cuts_); }

}  // namespace framespec
