#include "suite/size_expression.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace framespec::conformance {
namespace {

using Symbol = SizeExpression::Symbol;

constexpr std::array<std::pair<std::string_view, Symbol>, 11> kSymbols = {{
    {"max_unsigned", Symbol::kMaxUnsigned},
    {"max_signed", Symbol::kMaxSigned},
    {"min_signed", Symbol::kMinSigned},
    {"header_max", Symbol::kHeaderMax},
    {"head", Symbol::kHead},
    {"spoilt", Symbol::kSpoilt},
    {"width", Symbol::kWidth},
    {"self", Symbol::kSelf},
    {"size", Symbol::kSize},
    {"max", Symbol::kMax},
    {"min", Symbol::kMin},
}};

std::optional<std::uint64_t> read_digits(std::string_view text) {
  if (text.size() > kNumberDigitsMax) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// What may stand behind a symbol: "+prefix" or "-prefix", then "+N" or "-N".
std::optional<SizeExpression> read_offset(std::string_view text, SizeExpression base) {
  constexpr std::string_view kPrefix = "prefix";
  const auto is_sign = [&] {
    return !text.empty() && (text.front() == '+' || text.front() == '-');
  };
  if (is_sign() && text.substr(1).starts_with(kPrefix)) {
    base.prefixes = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1 + kPrefix.size());
  }
  if (text.empty()) return base;
  if (!is_sign()) return std::nullopt;
  const auto digits = read_digits(text.substr(1));
  if (!digits) return std::nullopt;
  base.constant += text.front() == '-' ? -WideInteger{*digits} : WideInteger{*digits};
  return base;
}

constexpr std::size_t kPowerTextMax = std::string_view("2^64").size();

std::optional<SizeExpression> read_power(std::string_view text) {
  const auto end = std::min(text.find_first_of("+-"), text.size());
  const auto exponent = read_digits(text.substr(2, end - 2));
  if (!exponent || *exponent > 64 || end > kPowerTextMax) return std::nullopt;
  return read_offset(text.substr(end), {Symbol::kNone, WideInteger{1} << *exponent});
}

std::optional<SizeExpression> read(std::string_view text) {
  if (text.starts_with("2^")) return read_power(text);
  if (text.starts_with("prefix")) return read_offset("+" + std::string(text), {});
  for (const auto& [name, symbol] : kSymbols) {
    if (text.starts_with(name)) return read_offset(text.substr(name.size()), {symbol});
  }
  if (text.starts_with('-')) return read_offset(text, {});
  if (const auto value = read_digits(text)) return SizeExpression{Symbol::kNone, *value};
  return std::nullopt;
}

/// The smallest length with length × unit + adjustment >= 0.
WideInteger least_length(const Dialect& dialect) {
  const WideInteger own = -WideInteger{dialect.length.adjustment};
  const WideInteger unit = dialect.length.unit;
  return own <= 0 ? 0 : (own + unit - 1) / unit;
}

unsigned bits_of(const Dialect& dialect) {
  return dialect.length.encoding == LengthEncoding::kVarint ? 64U : dialect.length.width * 8U;
}

WideInteger value_of(Symbol symbol, const Dialect& dialect, const Described& described) {
  const WideInteger half = WideInteger{1} << (bits_of(dialect) - 1);
  switch (symbol) {
    case Symbol::kNone:
      return 0;
    case Symbol::kMax:
      return payload_size_max_of(dialect);
    case Symbol::kMin:
      return payload_size_min_of(dialect);
    case Symbol::kHeaderMax:
      return dialect.header_size_max;
    case Symbol::kWidth:
      return dialect.length.width;
    case Symbol::kMinSigned:
      return -half;
    case Symbol::kMaxSigned:
      return half - 1;
    case Symbol::kMaxUnsigned:
      return half * 2 - 1;
    case Symbol::kSize:
      return described.size;
    case Symbol::kHead:
      return described.head_size;
    case Symbol::kSpoilt:
      return described.spoilt_at;
    case Symbol::kSelf:
      return least_length(dialect);
  }
  return 0;
}

}  // namespace

std::expected<SizeExpression, std::string> parse_size_expression(std::string_view text) {
  if (const auto expression = read(text)) return *expression;
  return std::unexpected(
      "\"" + std::string(text) +
      "\" is not a size; allowed are a number of at most 18 digits, 2^N up to 2^64, max, min, "
      "header_max, width, prefix, "
      "min_signed, max_signed, max_unsigned, self, size, head and spoilt, each but the number also "
      "with +prefix or -prefix, and then +N or -N, behind it");
}

WideInteger evaluate(const SizeExpression& expression, const Dialect& dialect,
                     const Described& described) {
  return value_of(expression.symbol, dialect, described) + expression.constant +
         expression.prefixes * WideInteger{dialect.prefix_size_max()};
}

std::uint64_t payload_size_min_of(const Dialect& dialect) {
  const std::uint64_t smallest = dialect.legal_payload_size(1).value_or(dialect.payload_size_min);
  return smallest > 1 ? smallest : dialect.payload_size_min;
}

std::uint64_t payload_size_max_of(const Dialect& dialect) {
  if (dialect.header == HeaderKind::kJson) return dialect.payload_size_max;
  const WideInteger unit = dialect.length.unit;
  const WideInteger above =
      (WideInteger{dialect.payload_size_max} - dialect.length.adjustment) % unit;
  return dialect.payload_size_max - static_cast<std::uint64_t>(above < 0 ? above + unit : above);
}

std::string to_string(WideInteger value) {
  const bool is_negative = value < 0;
  std::string digits;
  do {
    const auto digit = static_cast<int>(value % 10);
    digits.push_back(static_cast<char>('0' + (digit < 0 ? -digit : digit)));
    value /= 10;
  } while (value != 0);
  if (is_negative) digits.push_back('-');
  std::ranges::reverse(digits);
  return digits;
}

}  // namespace framespec::conformance
