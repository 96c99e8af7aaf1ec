#include "random_stream.h"

#include <algorithm>
#include <array>
#include <string>
#include <tuple>

#include "framespec/encoder.h"

namespace framespec {
namespace {

bool one_in(SplitMix64& random, std::uint64_t count) { return random.below(count) == 0; }

std::byte random_byte(SplitMix64& random) { return static_cast<std::byte>(random.bits(8)); }

ByteVector random_bytes(SplitMix64& random, std::uint64_t size) {
  ByteVector bytes;
  for (std::uint64_t index = 0; index < size; ++index) bytes.push_back(random_byte(random));
  return bytes;
}

LengthField random_length(SplitMix64& random) {
  LengthField length;
  if (one_in(random, 4)) {
    length.encoding = LengthEncoding::kVarint;
    length.width = static_cast<std::uint8_t>(1 + random.below(10));
    length.is_shortest = one_in(random, 2);
  } else {
    length.width = static_cast<std::uint8_t>(1 + random.below(8));
    length.order = one_in(random, 2) ? ByteOrder::kBig : ByteOrder::kLittle;
    length.is_signed = one_in(random, 2);
  }
  if (one_in(random, 2)) length.adjustment = static_cast<std::int64_t>(random.below(25)) - 12;
  if (one_in(random, 4)) length.reserved = static_cast<std::uint32_t>(random.below(4));
  if (one_in(random, 3)) length.unit = static_cast<std::uint32_t>(1 + random.below(8));
  return length;
}

Dialect any_dialect(SplitMix64& random) {
  Dialect dialect;
  dialect.name = "random";
  dialect.lead = random_bytes(random, one_in(random, 2) ? 0 : random.below(4));
  for (std::size_t index = 0; index < dialect.lead.size(); ++index) {
    dialect.lead_mask.push_back(one_in(random, 2) ? std::byte{0xFF} : random_byte(random));
  }
  dialect.length = random_length(random);
  dialect.payload_size_min = one_in(random, 3) ? random.below(6) : 0;
  dialect.payload_size_max =
      dialect.payload_size_min + random.bits(4 + 3 * static_cast<unsigned>(random.below(4)));
  dialect.zero = one_in(random, 3) ? ZeroRule::kIllegal : ZeroRule::kLegal;
  if (one_in(random, 3)) {
    dialect.header = HeaderKind::kJson;
    dialect.header_size_max = static_cast<std::uint32_t>(90 + random.below(60));
    dialect.header_depth_max = static_cast<std::uint32_t>(1 + random.below(3));
  }
  dialect.trailer = random_bytes(random, one_in(random, 2) ? 0 : random.below(4));
  return dialect;
}

void insert(ByteVector& stream, std::size_t position, Bytes bytes) {
  stream.insert(stream.begin() + static_cast<std::ptrdiff_t>(position), bytes.begin(), bytes.end());
}

void erase(ByteVector& stream, std::size_t position, std::size_t size) {
  const auto begin = stream.begin() + static_cast<std::ptrdiff_t>(position);
  stream.erase(begin,
               begin + static_cast<std::ptrdiff_t>(std::min(size, stream.size() - position)));
}

// Pieces of JSON that make a header wrong, or right in another way.
constexpr std::array<std::string_view, 18> kJsonPieces = {
    "{",    "}",       "[",       "]",        ",",    "\"",
    "\\",   "\\u0061", "\\ud800", "\"a\":1,", "null", "\xEF\xBB\xBF",
    "\xFF", " ",       "-",       ".5",       "e9",   "99999999999"};

void damage_once(SplitMix64& random, ByteVector& stream) {
  const std::size_t position = random.below(stream.size());
  const std::size_t size = 1 + random.below(4);
  switch (random.below(9)) {
    case 0:
      stream[position] ^= static_cast<std::byte>(1U << random.bits(3));
      break;
    case 1:
      stream[position] = random_byte(random);
      break;
    case 2:
      insert(stream, position, random_bytes(random, size));
      break;
    case 3:
      erase(stream, position, size);
      break;
    case 4:
      stream.resize(position);
      break;
    case 5: {
      const ByteVector doubled(stream.begin() + static_cast<std::ptrdiff_t>(position),
                               stream.end());
      insert(stream, position, Bytes(doubled).first(std::min(doubled.size(), 4 * size)));
      break;
    }
    case 6: {  // all ones, all zeros, or that behind another byte: what lengths go wrong with
      const std::byte fill = one_in(random, 2) ? std::byte{0xFF} : std::byte{0};
      const std::size_t end = std::min(position + 1 + random.below(8), stream.size());
      for (std::size_t index = position; index < end; ++index) stream[index] = fill;
      if (one_in(random, 2)) stream[position] = random_byte(random);
      break;
    }
    case 7: {  // one more or one less: the length of a frame, or its payload's end
      const unsigned step = one_in(random, 2) ? 1U : 0xFFU;
      stream[position] = static_cast<std::byte>(std::to_integer<unsigned>(stream[position]) + step);
      break;
    }
    default: {
      const std::string_view piece = kJsonPieces.at(random.below(kJsonPieces.size()));
      if (one_in(random, 2)) erase(stream, position, piece.size());
      insert(stream, std::min(position, stream.size()), as_bytes(piece));
      break;
    }
  }
}

}  // namespace

Dialect random_dialect(SplitMix64& random) {
  for (;;) {
    Dialect dialect = any_dialect(random);
    if (check_consistency(dialect)) return dialect;
  }
}

ByteVector random_stream(SplitMix64& random, const Dialect& dialect) {
  ByteVector stream;
  const std::uint64_t frames = 1 + random.below(4);
  for (std::uint64_t frame = 0; frame < frames; ++frame) {
    const std::uint64_t sizes[] = {0, 1, dialect.payload_size_min, dialect.payload_size_max,
                                   dialect.payload_size_min + random.below(20)};
    const std::uint64_t size = std::min<std::uint64_t>(sizes[random.below(5)], 600);
    const ByteVector payload = random_bytes(random, size);
    // A refusal leaves the stream as it was.
    std::ignore = append_frame(stream, dialect, payload, {.filename = "f\xC3\xA9"});
  }
  return stream;
}

void damage(SplitMix64& random, ByteVector& stream) {
  const std::uint64_t places = 1 + random.below(3);
  for (std::uint64_t place = 0; place < places && !stream.empty(); ++place) {
    damage_once(random, stream);
  }
}

}  // namespace framespec
