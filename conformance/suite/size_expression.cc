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
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// "+N", "-N" or nothing at all.
std::optional<WideInteger> read_offset(std::string_view text) {
  if (text.empty()) return 0;
  const auto digits = read_digits(text.substr(1));
  if (!digits || (text.front() != '+' && text.front() != '-')) return std::nullopt;
  return text.front() == '-' ? -WideInteger{*digits} : WideInteger{*digits};
}

std::optional<SizeExpression> read_power(std::string_view text) {
  const auto end = std::min(text.find_first_of("+-"), text.size());
  const auto exponent = read_digits(text.substr(2, end - 2));
  const auto offset = read_offset(text.substr(end));
  if (!exponent || *exponent > 64 || !offset) return std::nullopt;
  return SizeExpression{Symbol::kNone, (WideInteger{1} << *exponent) + *offset};
}

std::optional<SizeExpression> read(std::string_view text) {
  if (text.starts_with("2^")) return read_power(text);
  for (const auto& [name, symbol] : kSymbols) {
    if (!text.starts_with(name)) continue;
    if (const auto offset = read_offset(text.substr(name.size())))
      return SizeExpression{symbol, *offset};
    return std::nullopt;
  }
  if (text.empty()) return std::nullopt;
  if (text.front() == '-') {
    if (const auto value = read_offset(text)) return SizeExpression{Symbol::kNone, *value};
    return std::nullopt;
  }
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

}  // namespace

std::expected<SizeExpression, std::string> parse_size_expression(std::string_view text) {
  if (const auto expression = read(text)) return *expression;
  return std::unexpected(
      "\"" + std::string(text) +
      "\" is not a size; allowed are a number, 2^N, max, min, header_max, width, "
      "min_signed, max_signed, max_unsigned, self, size, head and spoilt, each also with +N or -N "
      "behind it");
}

WideInteger evaluate(const SizeExpression& expression, const Dialect& dialect,
                     const Described& described) {
  const WideInteger half = WideInteger{1} << (bits_of(dialect) - 1);
  switch (expression.symbol) {
    case Symbol::kNone:
      return expression.constant;
    case Symbol::kMax:
      return WideInteger{dialect.payload_size_max} + expression.constant;
    case Symbol::kMin:
      return WideInteger{dialect.payload_size_min} + expression.constant;
    case Symbol::kHeaderMax:
      return WideInteger{dialect.header_size_max} + expression.constant;
    case Symbol::kWidth:
      return WideInteger{dialect.length.width} + expression.constant;
    case Symbol::kMinSigned:
      return -half + expression.constant;
    case Symbol::kMaxSigned:
      return half - 1 + expression.constant;
    case Symbol::kMaxUnsigned:
      return half * 2 - 1 + expression.constant;
    case Symbol::kSize:
      return WideInteger{described.size} + expression.constant;
    case Symbol::kHead:
      return WideInteger{described.head_size} + expression.constant;
    case Symbol::kSpoilt:
      return WideInteger{described.spoilt_at} + expression.constant;
    case Symbol::kSelf:
      return least_length(dialect) + expression.constant;
  }
  return 0;
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
