#include "input/dialect_word.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "framespec/hex.h"

namespace framespec::fuzz {
namespace {

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;  // FNV-1a
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

std::string hex_of(Bytes bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::byte value : bytes) {
    text += kDigits[std::to_integer<unsigned>(value) >> 4U];
    text += kDigits[std::to_integer<unsigned>(value) & 15U];
  }
  return text;
}

std::optional<ByteVector> bytes_of(std::string_view hex, std::size_t size_max) {
  auto bytes = read_hex(hex);
  if (!bytes || bytes->empty() || bytes->size() > size_max) return std::nullopt;
  return *std::move(bytes);
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || last != end) return std::nullopt;
  return value;
}

/// The largest payload that the length can announce; computed apart from the library, in 128 bits.
std::uint64_t largest_payload(const LengthField& field) {
  __extension__ using Wide = __int128;
  const bool is_varint = field.encoding == LengthEncoding::kVarint;
  const unsigned bits =
      is_varint ? std::min(64U, 7U * field.width) : 8U * field.width - (field.is_signed ? 1U : 0U);
  const Wide length = (Wide{1} << bits) - 1 - field.reserved;
  const Wide ceiling = (Wide{kPayloadSizeMax} - field.adjustment) / field.unit;
  const Wide size = std::min(length, ceiling) * field.unit + field.adjustment;
  return size < 0 ? 0 : static_cast<std::uint64_t>(size);
}

void set_payload_defaults(Dialect& dialect) {
  if (dialect.header == HeaderKind::kJson) return;
  dialect.payload_size_max = largest_payload(dialect.length);
  const LengthField& field = dialect.length;
  const std::int64_t rest = field.adjustment % static_cast<std::int64_t>(field.unit);
  if (field.adjustment > 0 || rest != 0) dialect.zero = ZeroRule::kIllegal;
}

/// `i4le`, `u2be`, `i1` or `v10`.
bool parse_length(std::string_view word, LengthField& field) {
  if (word.size() < 2) return false;
  const char kind = word.front();
  word.remove_prefix(1);
  field.order = word.ends_with("le") ? ByteOrder::kLittle : ByteOrder::kBig;
  if (word.ends_with("le") || word.ends_with("be")) word.remove_suffix(2);
  const auto width = number_of<std::uint8_t>(word);
  if (!width || (kind != 'i' && kind != 'u' && kind != 'v')) return false;
  field.width = *width;
  field.is_signed = kind == 'i';
  field.encoding = kind == 'v' ? LengthEncoding::kVarint : LengthEncoding::kFixed;
  return field.width >= 1 && field.width <= (kind == 'v' ? 10 : 8);
}

bool take(std::string_view& word, std::string_view start) {
  if (!word.starts_with(start)) return false;
  word.remove_prefix(start.size());
  return true;
}

template <class Number>
bool take_number(std::string_view& word, std::string_view start, Number& number) {
  if (!take(word, start)) return false;
  const auto value = number_of<Number>(word);
  if (value) number = *value;
  word = value ? "" : "?";
  return true;
}

bool parse_lead(std::string_view hex, Dialect& dialect) {
  const std::size_t slash = hex.find('/');
  const auto lead = bytes_of(hex.substr(0, slash), kLeadSizeMax);
  if (!lead) return false;
  dialect.lead = *lead;
  dialect.lead_mask = ByteVector(lead->size(), std::byte{0xff});
  if (slash == std::string_view::npos) return true;
  const auto mask = bytes_of(hex.substr(slash + 1), kLeadSizeMax);
  if (mask) dialect.lead_mask = *mask;
  return mask.has_value();
}

/// What length and header depend on comes in a first pass, as the payload's defaults follow from
/// it.
bool parse_part(std::string_view part, Dialect& dialect, bool limits) {
  std::string_view rest = part;
  LengthField ignored_length;
  LengthField& length = limits ? ignored_length : dialect.length;
  Dialect ignored;
  Dialect& form = limits ? ignored : dialect;
  Dialect& limited = limits ? dialect : ignored;
  if (take_number(rest, "adj", length.adjustment) || take_number(rest, "unit", length.unit) ||
      take_number(rest, "reserved", length.reserved) ||
      take_number(rest, "hmax", form.header_size_max) ||
      take_number(rest, "depth", form.header_depth_max) ||
      take_number(rest, "min", limited.payload_size_min) ||
      take_number(rest, "max", limited.payload_size_max)) {
    return rest.empty();
  }
  if (rest == "shortest") return length.is_shortest = true, true;
  if (rest == "json") return form.header = HeaderKind::kJson, true;
  if (rest == "zero") return limited.zero = ZeroRule::kLegal, true;
  if (rest == "nozero") return limited.zero = ZeroRule::kIllegal, true;
  if (take(rest, "lead")) return parse_lead(rest, form);
  if (take(rest, "tail")) {
    const auto bytes = bytes_of(rest, kTrailerSizeMax);
    if (bytes) form.trailer = *bytes;
    return bytes.has_value();
  }
  return false;
}

template <class Visit>
bool for_each_part(std::string_view word, const Visit& visit) {
  while (!word.empty()) {
    const std::size_t comma = std::min(word.find(','), word.size());
    if (!visit(word.substr(0, comma))) return false;
    word.remove_prefix(std::min(comma + 1, word.size()));
  }
  return true;
}

std::optional<Dialect> read_word(std::string_view word) {
  const std::size_t comma = std::min(word.find(','), word.size());
  const std::string_view base = word.substr(0, comma);
  const std::string_view parts = word.substr(std::min(comma + 1, word.size()));
  Dialect dialect;
  if (const Dialect* const shipped = find_dialect(base)) {
    dialect = *shipped;
    if (parts.empty()) return dialect;
    if (!for_each_part(parts, [&](auto part) { return parse_part(part, dialect, false); })) {
      return std::nullopt;
    }
  } else {
    dialect.name = "generated";
    if (!parse_length(base, dialect.length)) return std::nullopt;
    if (!for_each_part(parts, [&](auto part) { return parse_part(part, dialect, false); })) {
      return std::nullopt;
    }
    if (dialect.length.unit == 0) return std::nullopt;
    set_payload_defaults(dialect);
  }
  for_each_part(parts, [&](auto part) { return parse_part(part, dialect, true); });
  if (!check_consistency(dialect)) return std::nullopt;
  return dialect;
}

void draw_length(SplitMix64& random, Dialect& dialect) {
  LengthField& length = dialect.length;
  const bool is_varint = random.below(6) == 0;
  length.encoding = is_varint ? LengthEncoding::kVarint : LengthEncoding::kFixed;
  length.width = static_cast<std::uint8_t>(1 + random.below(is_varint ? 10 : 8));
  length.is_shortest = is_varint && random.below(2) == 0;
  length.order = random.below(2) == 0 ? ByteOrder::kBig : ByteOrder::kLittle;
  length.is_signed = !is_varint && random.below(2) == 0;
  if (random.below(3) == 0) {
    const auto whole_prefix = static_cast<std::int64_t>(dialect.prefix_size_max());
    constexpr std::int64_t kSpread = 16;
    length.adjustment = random.below(2) == 0
                            ? -whole_prefix
                            : static_cast<std::int64_t>(random.below(2 * kSpread)) - kSpread;
  }
  if (random.below(8) == 0) length.reserved = 1 + static_cast<unsigned>(random.below(3));
  if (random.below(5) == 0) length.unit = 1U << random.below(5);
}

void draw_fixed_bytes(SplitMix64& random, Dialect& dialect) {
  const auto draw = [&] { return static_cast<std::byte>(random.bits(8)); };
  if (random.below(3) == 0) {
    const std::size_t size = 1 + random.below(4);
    for (std::size_t i = 0; i < size; ++i) {
      dialect.lead.push_back(draw());
      dialect.lead_mask.push_back(random.below(3) == 0 ? draw() : std::byte{0xff});
    }
  }
  if (random.below(4) == 0) {
    const std::size_t size = 1 + random.below(3);
    for (std::size_t i = 0; i < size; ++i) dialect.trailer.push_back(draw());
  }
}

void draw_limits(SplitMix64& random, Dialect& dialect) {
  if (random.below(4) == 0) {
    dialect.header = HeaderKind::kJson;
    dialect.header_size_max =
        random.below(2) == 0 ? 65536 : 90 + static_cast<unsigned>(random.below(60));
    dialect.header_depth_max = 1 + static_cast<unsigned>(random.below(5));
    if (dialect.length.width == 1) dialect.header_size_max = 127;
  }
  set_payload_defaults(dialect);
  if (random.below(2) == 0) {
    dialect.payload_size_max = std::min(dialect.payload_size_max, random.bits(9));
  }
  if (random.below(4) == 0) dialect.payload_size_min = random.below(8);
  if (random.below(4) == 0) dialect.zero = ZeroRule::kIllegal;
}

}  // namespace

Dialect parse_dialect_word(std::string_view word) {
  if (auto dialect = read_word(word)) return *std::move(dialect);
  SplitMix64 random(hash_of(word));
  return draw_dialect(random);
}

std::string dialect_word_of(const Dialect& dialect) {
  const LengthField& length = dialect.length;
  const bool is_varint = length.encoding == LengthEncoding::kVarint;
  std::string word = is_varint ? "v" : length.is_signed ? "i" : "u";
  word += std::to_string(length.width);
  if (!is_varint && length.width > 1) word += length.order == ByteOrder::kLittle ? "le" : "be";
  if (length.is_shortest) word += ",shortest";
  if (!dialect.lead.empty()) {
    word += ",lead" + hex_of(dialect.lead) + "/" + hex_of(dialect.lead_mask);
  }
  if (length.adjustment != 0) word += ",adj" + std::to_string(length.adjustment);
  if (length.unit != 1) word += ",unit" + std::to_string(length.unit);
  if (length.reserved != 0) word += ",reserved" + std::to_string(length.reserved);
  if (dialect.header == HeaderKind::kJson) {
    word += ",json,hmax" + std::to_string(dialect.header_size_max) + ",depth" +
            std::to_string(dialect.header_depth_max);
  }
  if (dialect.payload_size_min != 0) word += ",min" + std::to_string(dialect.payload_size_min);
  word += ",max" + std::to_string(dialect.payload_size_max);
  word += dialect.zero == ZeroRule::kLegal ? ",zero" : ",nozero";
  if (!dialect.trailer.empty()) word += ",tail" + hex_of(dialect.trailer);
  return word;
}

Dialect draw_dialect(SplitMix64& random) {
  for (int attempt = 0; attempt < 32; ++attempt) {
    Dialect dialect;
    dialect.name = "generated";
    draw_fixed_bytes(random, dialect);
    draw_length(random, dialect);
    draw_limits(random, dialect);
    if (check_consistency(dialect)) return dialect;
  }
  return *find_dialect("int32");
}

std::string draw_dialect_word(SplitMix64& random) {
  if (random.below(2) == 0) return dialect_word_of(draw_dialect(random));
  const auto shipped = shipped_dialects();
  const Dialect& dialect = shipped[random.below(shipped.size())];
  if (random.below(2) == 0) return dialect.name;
  const std::string word = dialect.name + ",max" + std::to_string(random.bits(9));
  return read_word(word) ? word : dialect.name;
}

}  // namespace framespec::fuzz
