// check_consistency: whether the parts of a dialect are in range and fit together.
#include <algorithm>
#include <optional>
#include <utility>

#include "dialect_ranges.h"
#include "framespec/dialect.h"
#include "framespec/json_header.h"
#include "framespec/shortened.h"
#include "length_range.h"

namespace framespec {

std::string describe(const WholeNumberRange& range) {
  return "a whole number from " + std::to_string(range.min) + " to " + std::to_string(range.max) +
         ", in digits";
}

std::string not_allowed(std::string_view found, std::string_view allowed) {
  return std::string(found) + " is not allowed; it must be " + std::string(allowed);
}

namespace {

using Finding = std::optional<DialectError>;

Finding finding(std::string path, std::string message) {
  return DialectError{.path = std::move(path), .message = std::move(message)};
}

bool is_name(std::string_view name) {
  const auto is_plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !name.empty() && name.size() <= kNameSizeMax && is_plain(name.front()) &&
         std::ranges::all_of(
             name, [&](char c) { return is_plain(c) || c == '.' || c == '_' || c == '-'; });
}

bool is_description(std::string_view text) {
  return text.size() <= kDescriptionSizeMax && std::ranges::none_of(text, [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
         });
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kTextShownMax = 40;
  std::string shown = shortened(text, kTextShownMax);
  std::ranges::replace_if(shown, [](char c) { return c < 0x20 || c >= 0x7f; }, '?');
  return '"' + shown + '"';
}

Finding check_number(const char* path, std::uint64_t value, const WholeNumberRange& range) {
  if (value >= static_cast<std::uint64_t>(range.min) &&
      value <= static_cast<std::uint64_t>(range.max)) {
    return std::nullopt;
  }
  return finding(path, not_allowed(std::to_string(value), describe(range)));
}

Finding check_texts(const Dialect& dialect) {
  if (!is_name(dialect.name)) {
    return finding("$.name", not_allowed(quoted(dialect.name), kNameRule));
  }
  if (!is_description(dialect.description)) {
    return finding("$.description", not_allowed(quoted(dialect.description), kDescriptionRule));
  }
  return std::nullopt;
}

Finding check_fixed_bytes(const Dialect& dialect) {
  if (dialect.lead.size() > kLeadSizeMax) {
    return finding("$.lead.bytes", std::to_string(dialect.lead.size()) +
                                       " bytes are not allowed; there may be at most " +
                                       std::to_string(kLeadSizeMax));
  }
  if (dialect.lead_mask.size() != dialect.lead.size()) {
    return finding("$.lead.mask", "its size is " + std::to_string(dialect.lead_mask.size()) +
                                      " and that of $.lead.bytes " +
                                      std::to_string(dialect.lead.size()) +
                                      "; both must be the same");
  }
  if (dialect.trailer.size() > kTrailerSizeMax) {
    return finding("$.trailer", std::to_string(dialect.trailer.size()) +
                                    " bytes are not allowed; there may be at most " +
                                    std::to_string(kTrailerSizeMax));
  }
  return std::nullopt;
}

Finding check_length(const LengthField& length) {
  const bool is_varint = length.encoding == LengthEncoding::kVarint;
  const WholeNumberRange width = is_varint ? kVarintWidthRange : kFixedWidthRange;
  if (auto bad = check_number("$.length.width", length.width, width)) return bad;
  if (is_varint && length.is_signed) {
    return finding("$.length.signed", not_allowed("true", "false or left out for a varint"));
  }
  if (!is_varint && length.is_shortest) {
    return finding("$.length.shortest",
                   not_allowed("true", "false or left out for a length of fixed width"));
  }
  if (length.adjustment < kAdjustmentRange.min || length.adjustment > kAdjustmentRange.max) {
    return finding("$.length.adjustment",
                   not_allowed(std::to_string(length.adjustment), describe(kAdjustmentRange)));
  }
  if (auto bad = check_number("$.length.unit", length.unit, kUnitRange)) return bad;
  if (auto bad = check_number("$.length.reserved", length.reserved, kReservedRange)) return bad;
  if (!length_range(length)) {
    return finding("$.length.adjustment",
                   std::to_string(length.adjustment) +
                       " leaves no size that the length can express; its highest value is " +
                       std::to_string(length_value_max(length)) + ", in units of " +
                       std::to_string(length.unit));
  }
  return std::nullopt;
}

std::string expressible(const LengthRange& range) {
  std::string text = "the length can express " + std::to_string(range.smallest) + " to " +
                     std::to_string(range.largest) + " bytes";
  if (range.unit > 1) text += " in steps of " + std::to_string(range.unit);
  return text;
}

Finding check_limits(const Dialect& dialect) {
  for (const auto& [path, size] : {std::pair{"$.payload.minimum", dialect.payload_size_min},
                                   std::pair{"$.payload.maximum", dialect.payload_size_max}}) {
    if (auto bad = check_number(path, size, kPayloadSizeRange)) return bad;
  }
  if (dialect.payload_size_min > dialect.payload_size_max) {
    return finding("$.payload.minimum", std::to_string(dialect.payload_size_min) +
                                            " is above $.payload.maximum, which is " +
                                            std::to_string(dialect.payload_size_max));
  }
  if (dialect.payload_size_max == 0 && dialect.zero == ZeroRule::kIllegal) {
    return finding("$.payload.maximum",
                   "no payload is legal: the maximum is 0 and $.payload.zero is \"illegal\"");
  }
  return std::nullopt;
}

// Where there is no JSON header the length counts the payload, so the limits must suit it.
Finding check_payload_against_length(const Dialect& dialect) {
  const LengthRange range = *length_range(dialect.length);
  if (dialect.payload_size_max > range.largest) {
    return finding("$.payload.maximum", std::to_string(dialect.payload_size_max) +
                                            " is not allowed; " + expressible(range));
  }
  const bool zero_is_legal = dialect.zero == ZeroRule::kLegal;
  if (zero_is_legal && range.smallest != 0) {
    return finding("$.payload.zero", "\"legal\" is not allowed; " + expressible(range) +
                                         ", so that no payload can be empty");
  }
  const auto size = range.at_least(std::max<std::uint64_t>(dialect.payload_size_min, 1));
  if (!zero_is_legal && (!size || *size > dialect.payload_size_max)) {
    return finding("$.payload.maximum", "no payload is legal: there is no size from " +
                                            std::to_string(dialect.payload_size_min) + " to " +
                                            std::to_string(dialect.payload_size_max) + "; " +
                                            expressible(range));
  }
  return std::nullopt;
}

/// The header of the smallest legal payload, without a blank; white space can make it longer.
std::uint64_t shortest_header(const Dialect& dialect) {
  const std::uint64_t smallest_payload =
      dialect.zero == ZeroRule::kLegal ? 0 : std::max<std::uint64_t>(dialect.payload_size_min, 1);
  return static_cast<std::uint64_t>(kHeaderSizeMin) - 1 + std::to_string(smallest_payload).size();
}

Finding check_header_against_length(const Dialect& dialect) {
  const LengthRange range = *length_range(dialect.length);
  if (auto bad = check_number("$.header.maximum", dialect.header_size_max, kHeaderSizeRange)) {
    return bad;
  }
  if (auto bad = check_number("$.header.depth", dialect.header_depth_max, kHeaderDepthRange)) {
    return bad;
  }
  const std::uint64_t shortest = shortest_header(dialect);
  if (dialect.header_size_max < shortest) {
    return finding("$.header.maximum", std::to_string(dialect.header_size_max) +
                                           " is not allowed; the shortest header of a legal "
                                           "payload has " +
                                           std::to_string(shortest) + " bytes");
  }
  const auto size = range.at_least(shortest);
  if (dialect.header_size_max > range.largest || !size || *size > dialect.header_size_max) {
    return finding("$.header.maximum", std::to_string(dialect.header_size_max) +
                                           " is not allowed; " + expressible(range));
  }
  return std::nullopt;
}

}  // namespace

std::expected<void, DialectError> check_header_room(const Dialect& dialect,
                                                    std::string_view filename,
                                                    std::uint64_t payload_size) {
  if (dialect.header != HeaderKind::kJson) return {};
  constexpr std::size_t kMd5Digits = 32;
  const auto size = encode_json_header({.filename = std::string(filename),
                                        .md5 = std::string(kMd5Digits, '0'),
                                        .total_size = payload_size})
                        .size();
  if (size <= dialect.header_size_max) return {};
  return std::unexpected(DialectError{
      .path = "$.header.maximum",
      .message = std::to_string(dialect.header_size_max) + " is too little here; the header of a " +
                 std::to_string(payload_size) + "-byte payload named " + quoted(filename) +
                 " has " + std::to_string(size) + " bytes"});
}

std::expected<void, DialectError> check_consistency(const Dialect& dialect) {
  Finding found = check_texts(dialect);
  if (!found) found = check_fixed_bytes(dialect);
  if (!found) found = check_length(dialect.length);
  if (!found) found = check_limits(dialect);
  if (!found) {
    found = dialect.header == HeaderKind::kJson ? check_header_against_length(dialect)
                                                : check_payload_against_length(dialect);
  }
  if (found) return std::unexpected(*std::move(found));
  return {};
}

}  // namespace framespec
