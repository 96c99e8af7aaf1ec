#include "framespec/prefix.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string>

#include "length_range.h"

namespace framespec {
namespace {

std::unexpected<Error> error_at(std::uint64_t offset, ErrorKind kind, std::string detail) {
  return std::unexpected(Error{kind, offset, std::move(detail)});
}

std::string hex(std::byte value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto bits = std::to_integer<unsigned>(value);
  return {'0', 'x', kDigits[bits >> 4U], kDigits[bits & 0xFU]};
}

/// The first lead byte among those that are there which the dialect does not allow.
std::optional<std::size_t> find_wrong_lead(const Dialect& dialect, Bytes bytes) {
  const std::size_t size = std::min(bytes.size(), dialect.lead.size());
  for (std::size_t i = 0; i < size; ++i) {
    if (((bytes[i] ^ dialect.lead[i]) & dialect.lead_mask[i]) != std::byte{0}) return i;
  }
  return std::nullopt;
}

std::unexpected<Error> wrong_lead(const Dialect& dialect, Bytes bytes, std::size_t index,
                                  std::uint64_t offset) {
  return error_at(offset + index, ErrorKind::kBadLead,
                  "byte " + std::to_string(index) + " of the frame is " + hex(bytes[index]) +
                      "; it must be " + hex(dialect.lead[index]) + " in the bits of mask " +
                      hex(dialect.lead_mask[index]));
}

std::uint64_t load(Bytes bytes, ByteOrder order) {
  if (bytes.size() == 4) {  // the common widths as one load each
    std::uint32_t value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    return (order == ByteOrder::kBig) == (std::endian::native == std::endian::big)
               ? value
               : std::byteswap(value);
  }
  if (bytes.size() == 8) {
    std::uint64_t value = 0;
    std::memcpy(&value, bytes.data(), sizeof value);
    return (order == ByteOrder::kBig) == (std::endian::native == std::endian::big)
               ? value
               : std::byteswap(value);
  }
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const std::byte next = order == ByteOrder::kBig ? bytes[i] : bytes[bytes.size() - 1 - i];
    value = value << 8U | std::to_integer<std::uint64_t>(next);
  }
  return value;
}

void store(EncodedPrefix& out, std::uint64_t value, const LengthField& field) {
  for (unsigned i = 0; i < field.width; ++i) {
    const unsigned shift = 8 * (field.order == ByteOrder::kBig ? field.width - 1U - i : i);
    out.push_back(static_cast<std::byte>(value >> shift));
  }
}

std::int64_t sign_extend(std::uint64_t value, unsigned width) {
  const unsigned unused_bits = 64 - 8 * width;
  return static_cast<std::int64_t>(value << unused_bits) >> unused_bits;
}

/// The rules on a length that is whole, in SPEC.md's order; the size of the body if all hold.
std::expected<std::uint64_t, Error> judge_length(const Dialect& dialect, std::uint64_t raw,
                                                 std::uint64_t offset) {
  const LengthField& field = dialect.length;
  if (field.is_signed) {
    const std::int64_t value = sign_extend(raw, field.width);
    if (value < 0) [[unlikely]] {
      return error_at(offset, ErrorKind::kNegativeLength,
                      "the length is " + std::to_string(value) + "; it must not be negative");
    }
  }
  std::uint64_t size = 0;
  bool fits = !__builtin_mul_overflow(raw, std::uint64_t{field.unit}, &size);
  if (fits && field.adjustment < 0) {
    const auto included = std::uint64_t{0} - static_cast<std::uint64_t>(field.adjustment);
    if (size < included) [[unlikely]] {
      return error_at(offset, ErrorKind::kLengthUnderflow,
                      "the length counts " + std::to_string(size) +
                          " bytes; it must count at least the " + std::to_string(included) +
                          " that it includes besides the payload");
    }
    size -= included;
  } else if (fits) {
    fits = !__builtin_add_overflow(size, static_cast<std::uint64_t>(field.adjustment), &size);
  }
  if (!fits || size > kPayloadSizeMax) [[unlikely]] {
    return error_at(
        offset, ErrorKind::kTooLarge,
        "the length is " + std::to_string(raw) + ", which stands for 2^63 bytes or more");
  }
  return size;
}

std::expected<void, Error> judge_body(const Dialect& dialect, std::uint64_t size,
                                      std::uint64_t offset) {
  if (dialect.header == HeaderKind::kJson) {
    if (size > dialect.header_size_max) [[unlikely]] {
      return error_at(offset, ErrorKind::kHeaderTooLarge,
                      "a header of " + std::to_string(size) + " bytes is announced; at most " +
                          std::to_string(dialect.header_size_max) + " are allowed");
    }
    return {};
  }
  return check_payload_size(dialect, size, offset);
}

struct Varint {
  std::size_t size = 0;
  std::uint64_t value = 0;
};

std::expected<std::optional<Varint>, Error> decode_varint(Bytes bytes, const LengthField& field,
                                                          std::uint64_t offset) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto bits = std::to_integer<std::uint64_t>(bytes[i]);
    if (i == 9 && bits > 1) {  // nine bytes hold 63 bits, so the tenth has one left
      return error_at(offset, ErrorKind::kBadVarint, "the varint is 2^64 or more");
    }
    value |= (bits & 0x7FU) << (7 * i);
    if ((bits & 0x80U) == 0) {
      if (field.is_shortest && bits == 0 && i != 0) {
        return error_at(offset, ErrorKind::kBadVarint,
                        "the varint of " + std::to_string(value) + " has " + std::to_string(i + 1) +
                            " bytes; this dialect wants the fewest");
      }
      return Varint{i + 1, value};
    }
    if (i + 1 == field.width) {
      return error_at(offset, ErrorKind::kBadVarint,
                      "the varint does not end within " + std::to_string(field.width) + " bytes");
    }
  }
  return std::nullopt;
}

void append_varint(EncodedPrefix& out, std::uint64_t value) {
  for (; value >= 0x80U; value >>= 7U) out.push_back(static_cast<std::byte>(value | 0x80U));
  out.push_back(static_cast<std::byte>(value));
}

}  // namespace

std::expected<void, Error> check_payload_size(const Dialect& dialect, std::uint64_t size,
                                              std::uint64_t offset) {
  if (size == 0) {
    if (dialect.zero == ZeroRule::kLegal) return {};
    return error_at(offset, ErrorKind::kZeroLength,
                    "the payload is empty; this dialect has none such");
  }
  if (size > dialect.payload_size_max) [[unlikely]] {
    return error_at(offset, ErrorKind::kTooLarge,
                    "a payload of " + std::to_string(size) + " bytes is announced; at most " +
                        std::to_string(dialect.payload_size_max) + " are allowed");
  }
  if (size < dialect.payload_size_min) [[unlikely]] {
    return error_at(offset, ErrorKind::kTooSmall,
                    "a payload of " + std::to_string(size) + " bytes is announced; at least " +
                        std::to_string(dialect.payload_size_min) + " are needed");
  }
  return {};
}

std::expected<std::optional<DecodedPrefix>, Error> decode_prefix(const Dialect& dialect,
                                                                 Bytes bytes,
                                                                 std::uint64_t offset) {
  const std::size_t lead_size = dialect.lead.size();
  if (lead_size != 0) {
    if (const auto index = find_wrong_lead(dialect, bytes)) {
      return wrong_lead(dialect, bytes, *index, offset);
    }
    if (bytes.size() < lead_size) return std::nullopt;
  }
  const Bytes length = bytes.subspan(lead_size);
  const std::uint64_t length_offset = offset + lead_size;

  std::uint64_t raw = 0;
  std::size_t length_size = dialect.length.width;
  if (dialect.length.encoding == LengthEncoding::kVarint) {
    auto varint = decode_varint(length, dialect.length, length_offset);
    if (!varint) return std::unexpected(std::move(varint.error()));
    if (!*varint) return std::nullopt;
    raw = (*varint)->value;
    length_size = (*varint)->size;
  } else {
    if (length.size() < length_size) return std::nullopt;
    raw = load(length.first(length_size), dialect.length.order);
  }

  auto size = judge_length(dialect, raw, length_offset);
  if (!size) return std::unexpected(std::move(size.error()));
  if (auto judged = judge_body(dialect, *size, length_offset); !judged) {
    return std::unexpected(std::move(judged.error()));
  }
  return DecodedPrefix{lead_size + length_size, *size};
}

EncodedPrefix encode_raw_prefix(const Dialect& dialect, std::uint64_t length, Bytes lead) {
  EncodedPrefix prefix;
  const Bytes lead_bytes = lead.empty() ? Bytes(dialect.lead) : lead.first(dialect.lead.size());
  for (const std::byte value : lead_bytes) prefix.push_back(value);
  if (dialect.length.encoding == LengthEncoding::kVarint) {
    append_varint(prefix, length);
  } else {
    store(prefix, length, dialect.length);
  }
  return prefix;
}

std::expected<EncodedPrefix, Error> encode_prefix(const Dialect& dialect, std::uint64_t body_size,
                                                  Bytes lead) {
  const LengthField& field = dialect.length;
  if (!lead.empty()) {
    if (lead.size() != dialect.lead.size()) {
      return error_at(0, ErrorKind::kBadLead,
                      std::to_string(lead.size()) + " lead bytes were given; the dialect has " +
                          std::to_string(dialect.lead.size()));
    }
    if (const auto index = find_wrong_lead(dialect, lead)) {
      return wrong_lead(dialect, lead, *index, 0);
    }
  }
  // The limits come first: "too large" is a better answer than "does not fit".
  if (auto judged = judge_body(dialect, body_size, 0); !judged) {
    return std::unexpected(std::move(judged.error()));
  }
  std::uint64_t counted = 0;
  const bool below =
      field.adjustment > 0 && body_size < static_cast<std::uint64_t>(field.adjustment);
  const bool wraps = __builtin_sub_overflow(body_size, field.adjustment, &counted);
  // Most dialects count bytes, and a division costs more than all the rest.
  if (below || (field.unit != 1 && counted % field.unit != 0)) {
    return error_at(0, ErrorKind::kNotExpressible,
                    "no length of this dialect stands for " + std::to_string(body_size) + " bytes");
  }
  const std::uint64_t length = field.unit == 1 ? counted : counted / field.unit;
  if (wraps || body_size > kPayloadSizeMax || length > length_value_max(field)) {
    return error_at(0, ErrorKind::kTooLarge,
                    "a length of " + std::to_string(length) + " does not fit in the dialect's " +
                        std::to_string(field.width) + " bytes");
  }
  return encode_raw_prefix(dialect, length, lead);
}

}  // namespace framespec
