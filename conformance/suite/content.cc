#include "suite/content.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "framespec/encoder.h"
#include "suite/stream_builder.h"

namespace framespec::conformance {
namespace {

/// xorshift64*: the same bytes on every machine, and none of the regularity that hides a swap.
ByteVector random_bytes(std::size_t size) {
  std::uint64_t state = 0x9e3779b97f4a7c15U ^ size;
  ByteVector bytes(size);
  for (std::size_t i = 0; i < size;) {
    state ^= state >> 12U;
    state ^= state << 25U;
    state ^= state >> 27U;
    std::uint64_t word = state * 0x2545f4914f6cdd1dU;
    if constexpr (std::endian::native == std::endian::big) word = std::byteswap(word);
    const auto taken = std::min(size - i, sizeof word);
    std::memcpy(bytes.data() + i, &word, taken);
    i += taken;
  }
  return bytes;
}

ByteVector repeated(const ByteVector& pattern, std::size_t size) {
  ByteVector bytes(pattern.begin(),
                   pattern.begin() + static_cast<std::ptrdiff_t>(std::min(size, pattern.size())));
  bytes.resize(size);
  // What is there already is copied behind itself: a few large copies instead of millions of small
  // ones.
  for (std::size_t filled = pattern.size(); filled < size; filled *= 2) {
    std::memcpy(bytes.data() + filled, bytes.data(), std::min(filled, size - filled));
  }
  return bytes;
}

}  // namespace

std::expected<ByteVector, NotFor> materialise(const Content& content, const Dialect& dialect) {
  if (content.kind == Content::Kind::kLiteral) return content.bytes;
  if (content.kind == Content::Kind::kEncoded) {
    const auto payload = legal_payload({.bytes = content.bytes, .size = {}}, dialect);
    ByteVector frame;
    const auto encoded = append_frame(frame, dialect, *payload, {.filename = "inner"});
    if (!encoded) {
      return std::unexpected(frame_is_not_legal(encoded.error(), payload->size(), dialect));
    }
    return frame;
  }
  const auto size = evaluate(content.size, dialect);
  if (size < 0 || size > WideInteger{kStepBytesMax}) {
    return std::unexpected(NotFor{"it asks for " + to_string(size) +
                                  " bytes, and a case sends at most " +
                                  std::to_string(kStepBytesMax >> 20U) + " MiB in one step"});
  }
  if (content.kind == Content::Kind::kRandom) return random_bytes(static_cast<std::size_t>(size));
  return repeated(content.bytes, static_cast<std::size_t>(size));
}

NotFor frame_is_not_legal(const Error& error, std::uint64_t payload_size, const Dialect& dialect) {
  return {.reason = "the frame is not legal: " + error.detail,
          .is_lost = error.kind != ErrorKind::kTooLarge &&
                     error.kind != ErrorKind::kHeaderTooLarge &&
                     payload_size <= payload_size_max_of(dialect)};
}

std::expected<ByteVector, NotFor> legal_payload(const Content& content, const Dialect& dialect) {
  auto payload = materialise(content, dialect);
  if (!payload || payload->empty()) return payload;
  const bool has_its_size =
      content.kind == Content::Kind::kRandom || content.kind == Content::Kind::kRepeat;
  if (!has_its_size && payload->size() > dialect.payload_size_max) {
    payload->resize(payload_size_max_of(dialect));
  }
  payload->resize(dialect.legal_payload_size(payload->size()).value_or(payload->size()),
                  std::byte{'.'});
  return payload;
}

}  // namespace framespec::conformance
