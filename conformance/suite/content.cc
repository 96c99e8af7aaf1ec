#include "suite/content.h"

#include <algorithm>
#include <array>
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
  std::array<std::byte, sizeof state> word_bytes{};
  for (std::size_t i = 0; i < size;) {
    state ^= state >> 12U;
    state ^= state << 25U;
    state ^= state >> 27U;
    std::uint64_t word = state * 0x2545f4914f6cdd1dU;
    for (auto& byte : word_bytes) {
      byte = static_cast<std::byte>(word);
      word >>= 8U;
    }
    const auto taken = std::min(size - i, word_bytes.size());
    std::memcpy(bytes.data() + i, word_bytes.data(), taken);
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

/// The smallest size, at least `size`, that is legal as far as minimum and unit go.
std::uint64_t legal_size(std::uint64_t size, const Dialect& dialect) {
  size = std::max(size, dialect.payload_size_min);
  if (dialect.header == HeaderKind::kJson || dialect.length.unit == 1) return size;
  const auto unit = static_cast<std::int64_t>(dialect.length.unit);
  const auto over = (static_cast<std::int64_t>(size) - dialect.length.adjustment) % unit;
  return over == 0 ? size : size + static_cast<std::uint64_t>(over < 0 ? -over : unit - over);
}

}  // namespace

std::expected<ByteVector, std::string> materialise(const Content& content, const Dialect& dialect) {
  if (content.kind == Content::Kind::kLiteral) return content.bytes;
  if (content.kind == Content::Kind::kEncoded) {
    const auto payload = legal_payload({.bytes = content.bytes, .size = {}}, dialect);
    ByteVector frame;
    const auto encoded = append_frame(frame, dialect, *payload, {.filename = "inner"});
    if (!encoded) return std::unexpected("the frame is not legal: " + encoded.error().detail);
    return frame;
  }
  const auto size = evaluate(content.size, dialect);
  if (size < 0 || size > WideInteger{kStepBytesMax}) {
    return std::unexpected("it asks for " + to_string(size) + " bytes, and a case sends at most " +
                           std::to_string(kStepBytesMax >> 20U) + " MiB in one step");
  }
  if (content.kind == Content::Kind::kRandom) return random_bytes(static_cast<std::size_t>(size));
  return repeated(content.bytes, static_cast<std::size_t>(size));
}

std::expected<ByteVector, std::string> legal_payload(const Content& content,
                                                     const Dialect& dialect) {
  auto payload = materialise(content, dialect);
  if (payload && !payload->empty())
    payload->resize(legal_size(payload->size(), dialect), std::byte{'.'});
  return payload;
}

}  // namespace framespec::conformance
