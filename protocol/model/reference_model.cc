#include "reference_model.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <optional>

#include "header_model.h"

namespace framespec::model {
namespace {

// GCC and clang both have it; -Wpedantic wants to be told that it is meant.
__extension__ using Wide = __int128;

std::string md5_text(const ByteVector& bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_md5(), nullptr);
  std::string text;
  for (unsigned index = 0; index < size; ++index) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    text += kDigits[digest[index] / 16U];
    text += kDigits[digest[index] % 16U];
  }
  return text;
}

// Reads one frame after the other; each step returns whether the stream goes on.
class Model {
 public:
  Model(const Dialect& dialect, Bytes stream, DigestCheck digest)
      : dialect_(dialect), stream_(stream), digest_(digest) {}

  Transcript run() {
    while (position_ < stream_.size() && read_frame()) {
    }
    return std::move(transcript_);
  }

 private:
  bool read_frame() {
    frame_ = {};
    frame_.offset = position_;
    if (!read_lead()) return false;
    const std::size_t length_offset = position_;
    const std::optional<Wide> length =
        dialect_.length.encoding == LengthEncoding::kVarint ? read_varint() : read_fixed_length();
    if (!length || !count_bytes(*length, length_offset)) return false;
    if (dialect_.header == HeaderKind::kJson) {
      if (!read_header_of(size_, length_offset)) return false;
    } else if (!judge_payload_size(size_, length_offset)) {
      return false;
    }
    if (!read_payload() || !read_trailer()) return false;
    frame_.delivered_at = position_;
    transcript_.frames.push_back(frame_);
    return true;
  }

  bool read_lead() {
    for (std::size_t index = 0; index < dialect_.lead.size(); ++index) {
      if (!has(1)) return truncated();
      const std::byte byte = stream_[position_];
      if (((byte ^ dialect_.lead[index]) & dialect_.lead_mask[index]) != std::byte{0}) {
        return rejected(ErrorKind::kBadLead, position_);
      }
      frame_.lead.push_back(byte);
      ++position_;
    }
    return true;
  }

  std::optional<Wide> read_fixed_length() {
    const unsigned width = dialect_.length.width;
    if (!has(width)) {
      truncated();
      return std::nullopt;
    }
    Wide value = 0;
    Wide weight = 1;
    for (unsigned index = 0; index < width; ++index) {
      const bool is_little = dialect_.length.order == ByteOrder::kLittle;
      value += weight * number_at(position_ + (is_little ? index : width - 1 - index));
      weight *= 256;
    }
    if (dialect_.length.is_signed && value >= weight / 2) value -= weight;
    position_ += width;
    return value;
  }

  std::optional<Wide> read_varint() {
    const std::size_t start = position_;
    Wide value = 0;
    Wide weight = 1;
    for (unsigned index = 0; index < dialect_.length.width; ++index) {
      if (!has(1)) {
        truncated();
        return std::nullopt;
      }
      const unsigned number = number_at(position_++);
      value += weight * (number % 128);
      weight *= 128;
      if (value >= Wide{1} << 64) break;
      if (number < 128) {
        // PFX-10: of several bytes, all but the last would hold the value too.
        if (dialect_.length.is_shortest && index > 0 && value < weight / 128) break;
        return value;
      }
    }
    rejected(ErrorKind::kBadVarint, start);
    return std::nullopt;
  }

  // PFX-4, PFX-7, PFX-8
  bool count_bytes(Wide length, std::size_t offset) {
    if (length < 0) return rejected(ErrorKind::kNegativeLength, offset);
    const Wide counted = length * dialect_.length.unit + dialect_.length.adjustment;
    if (counted < 0) return rejected(ErrorKind::kLengthUnderflow, offset);
    if (counted >= Wide{1} << 63) return rejected(ErrorKind::kTooLarge, offset);
    size_ = static_cast<std::uint64_t>(counted);
    return true;
  }

  // LIM-1, LIM-4 to LIM-6
  bool judge_payload_size(std::uint64_t size, std::size_t offset) {
    if (size == 0) {
      return dialect_.zero == ZeroRule::kLegal || rejected(ErrorKind::kZeroLength, offset);
    }
    if (size > dialect_.payload_size_max) return rejected(ErrorKind::kTooLarge, offset);
    if (size < dialect_.payload_size_min) return rejected(ErrorKind::kTooSmall, offset);
    return true;
  }

  bool read_header_of(std::uint64_t header_size, std::size_t length_offset) {
    if (header_size > dialect_.header_size_max) {
      return rejected(ErrorKind::kHeaderTooLarge, length_offset);
    }
    if (!has(header_size)) return truncated();
    const std::size_t header_offset = position_;
    const ByteVector text = take(header_size);
    auto header = read_header(
        std::string(as_text(text)),
        {.total_size_max = dialect_.payload_size_max, .depth_max = dialect_.header_depth_max});
    if (!header) return rejected(header.error(), header_offset);
    size_ = header->total_size;
    frame_.header = *std::move(header);
    return judge_payload_size(size_, header_offset);
  }

  bool read_payload() {
    if (!has(size_)) return truncated();
    const std::size_t payload_offset = position_;
    frame_.payload = take(size_);
    const bool verify = frame_.header && digest_ == DigestCheck::kVerify;
    if (verify && frame_.header->md5 != md5_text(frame_.payload)) {
      return rejected(ErrorKind::kDigestMismatch, payload_offset);
    }
    return true;
  }

  bool read_trailer() {
    for (const std::byte expected : dialect_.trailer) {
      if (!has(1)) return truncated();
      if (stream_[position_] != expected) return rejected(ErrorKind::kBadTrailer, position_);
      ++position_;
    }
    return true;
  }

  bool has(std::uint64_t size) const { return stream_.size() - position_ >= size; }
  unsigned number_at(std::size_t position) const {
    return std::to_integer<unsigned>(stream_[position]);
  }
  ByteVector take(std::uint64_t size) {
    const Bytes taken = stream_.subspan(position_, static_cast<std::size_t>(size));
    position_ += taken.size();
    return {taken.begin(), taken.end()};
  }

  bool truncated() {
    transcript_.terminal = TerminalState::kTruncated;
    transcript_.error = Error{ErrorKind::kTruncated, stream_.size(), ""};
    return false;
  }
  bool rejected(ErrorKind kind, std::size_t offset) {
    transcript_.terminal = TerminalState::kRejected;
    transcript_.error = Error{kind, offset, ""};
    return false;
  }

  const Dialect& dialect_;
  Bytes stream_;
  DigestCheck digest_;
  std::size_t position_ = 0;
  std::uint64_t size_ = 0;  // counted by the length; after a JSON header, its total_size
  TranscriptFrame frame_;
  Transcript transcript_;
};

}  // namespace

Transcript transcript_of(const Dialect& dialect, Bytes stream, DigestCheck digest) {
  return Model(dialect, stream, digest).run();
}

std::string disagreement(const Transcript& model, const Transcript& actual,
                         const Segmentation& segmentation) {
  Transcript worded = model;
  if (worded.error && actual.error) worded.error->detail = actual.error->detail;
  if (std::string what = difference(worded, actual); !what.empty()) return what;
  return lateness(model, actual, segmentation);
}

}  // namespace framespec::model
