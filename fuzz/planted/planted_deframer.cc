#include "planted/planted_deframer.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "framespec/md5.h"
#include "framespec/prefix.h"

namespace framespec::fuzz {
namespace {

constexpr std::array<NamedBug, 9> kBugs{{
    {PlantedBug::kNone, "none"},
    {PlantedBug::kPrefixCutAfterThird, "prefix_cut_after_third"},
    {PlantedBug::kOneFrameAReceive, "one_frame_a_receive"},
    {PlantedBug::kCleanEndAfterPrefix, "clean_end_after_prefix"},
    {PlantedBug::kMaximumExclusive, "maximum_exclusive"},
    {PlantedBug::kEmptyFrameDropped, "empty_frame_dropped"},
    {PlantedBug::kLengthIn32Bits, "length_in_32_bits"},
    {PlantedBug::kDigestOfFirstSegment, "digest_of_first_segment"},
    {PlantedBug::kCutTrailerUnchecked, "cut_trailer_unchecked"},
}};

ByteVector copied(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

/// Gathers everything and reads frames off the front: simple, quadratic, and right but for its bug.
class PlantedDeframer final : public DeframerAdapter {
 public:
  PlantedDeframer(PlantedBug bug, const Dialect& dialect, DigestCheck digest)
      : bug_(bug), dialect_(dialect), digest_(digest) {}

  std::expected<std::size_t, Error> receive(Bytes segment,
                                            std::vector<TranscriptFrame>& frames) override {
    received_before_ = buffer_.size();
    const bool is_cut_after_third = buffer_.size() == 3;
    buffer_.insert(buffer_.end(), segment.begin(), segment.end());
    if (bug_ == PlantedBug::kPrefixCutAfterThird && is_cut_after_third) buffer_[3] = std::byte{0};
    for (;;) {
      auto whole = read_frame(frames);
      if (!whole) return std::unexpected(std::move(whole.error()));
      if (!*whole || bug_ == PlantedBug::kOneFrameAReceive) return segment.size();
    }
  }

  std::expected<void, Error> finish(std::vector<TranscriptFrame>& /*frames*/) override {
    if (buffer_.empty()) return {};
    if (bug_ == PlantedBug::kCleanEndAfterPrefix) {
      const auto prefix = decode_prefix(dialect_, buffer_);
      if (prefix && *prefix && (*prefix)->size == buffer_.size()) return {};
    }
    return std::unexpected(Error{ErrorKind::kTruncated, offset_ + buffer_.size(), "truncated"});
  }

 private:
  std::unexpected<Error> error_at(std::size_t position, ErrorKind kind) const {
    return std::unexpected(Error{kind, offset_ + position, "planted"});
  }
  bool has(std::uint64_t begin, std::uint64_t size) const {
    return begin <= buffer_.size() && buffer_.size() - begin >= size;
  }
  Bytes slice(std::size_t begin, std::size_t size) const {
    return Bytes(buffer_).subspan(begin, size);
  }

  /// Whether one more frame was there.
  std::expected<bool, Error> read_frame(std::vector<TranscriptFrame>& frames) {
    const auto prefix = decode_prefix(dialect_, buffer_, offset_);
    if (!prefix) return std::unexpected(prefix.error());
    if (!*prefix) return false;
    std::size_t begin = (*prefix)->size;
    std::uint64_t size = (*prefix)->body_size;
    TranscriptFrame frame{.offset = offset_,
                          .lead = copied(slice(0, dialect_.lead.size())),
                          .header = std::nullopt,
                          .payload = {}};
    if (dialect_.header == HeaderKind::kJson) {
      if (!has(begin, size)) return false;
      auto header = read_header(begin, size);
      if (!header) return std::unexpected(std::move(header.error()));
      begin += size;
      size = header->total_size;
      frame.header = *std::move(header);
    }
    if (bug_ == PlantedBug::kMaximumExclusive && size == dialect_.payload_size_max) {
      return error_at(dialect_.lead.size(), ErrorKind::kTooLarge);
    }
    if (bug_ == PlantedBug::kLengthIn32Bits) size &= 0xffffffffU;
    if (!has(begin, size)) return false;
    frame.payload = copied(slice(begin, size));
    if (!is_digest_right(frame, begin)) return error_at(begin, ErrorKind::kDigestMismatch);
    const auto end = find_end(begin + size);
    if (!end) return std::unexpected(end.error());
    if (*end > buffer_.size()) return false;
    take(*end);
    if (bug_ != PlantedBug::kEmptyFrameDropped || !frame.payload.empty()) {
      frames.push_back(std::move(frame));
    }
    return !buffer_.empty();
  }

  std::expected<JsonHeader, Error> read_header(std::size_t begin, std::uint64_t size) const {
    auto header = parse_json_header(
        as_text(slice(begin, size)),
        {.total_size_max = dialect_.payload_size_max, .depth_max = dialect_.header_depth_max});
    if (!header) return error_at(begin, header.error().kind);
    if (auto legal = check_payload_size(dialect_, header->total_size, offset_ + begin); !legal) {
      return std::unexpected(std::move(legal.error()));
    }
    return *std::move(header);
  }

  bool is_digest_right(const TranscriptFrame& frame, std::size_t payload) const {
    if (!frame.header || digest_ == DigestCheck::kIgnore) return true;
    Bytes digested = frame.payload;
    if (bug_ == PlantedBug::kDigestOfFirstSegment && received_before_ > payload) {
      digested = digested.first(std::min(digested.size(), received_before_ - payload));
    }
    return md5_of(digested) == frame.header->md5;
  }

  /// Where the frame ends, perhaps beyond what is there; or the first trailer byte that is wrong.
  std::expected<std::size_t, Error> find_end(std::size_t trailer) const {
    const bool is_cut = received_before_ >= trailer;
    const bool is_checked = bug_ != PlantedBug::kCutTrailerUnchecked || !is_cut;
    for (std::size_t i = 0; i < dialect_.trailer.size() && trailer + i < buffer_.size(); ++i) {
      if (is_checked && buffer_[trailer + i] != dialect_.trailer[i]) {
        return error_at(trailer + i, ErrorKind::kBadTrailer);
      }
    }
    return trailer + dialect_.trailer.size();
  }

  void take(std::size_t size) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(size));
    offset_ += size;
    received_before_ -= std::min(received_before_, size);
  }

  PlantedBug bug_;
  const Dialect& dialect_;
  DigestCheck digest_;
  ByteVector buffer_;  // the stream from offset_ on
  std::uint64_t offset_ = 0;
  std::size_t received_before_ = 0;  // bytes of buffer_ that came before the latest segment
};

}  // namespace

std::span<const NamedBug> planted_bugs() noexcept { return kBugs; }

std::optional<PlantedBug> planted_bug_named(std::string_view name) noexcept {
  const auto found = std::ranges::find(kBugs, name, &NamedBug::name);
  if (found == kBugs.end()) return std::nullopt;
  return found->bug;
}

Transcript transcribe_planted(PlantedBug bug, const Dialect& dialect, Bytes stream,
                              const Segmentation& segmentation, DigestCheck digest) {
  PlantedDeframer deframer(bug, dialect, digest);
  return transcribe_with(deframer, stream, segmentation);
}

}  // namespace framespec::fuzz
