#include "runner/mask.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "framespec/printable.h"
#include "framespec/shortened.h"

namespace framespec::conformance {
namespace {

// Answers are bytes, whatever they mean; and what is wrong with an expression we say ourselves.
RE2::Options of_bytes() {
  RE2::Options options;
  options.set_encoding(RE2::Options::EncodingLatin1);
  options.set_log_errors(false);
  return options;
}

/// What is wrong with it; or nothing.
std::optional<std::string> mistake_of(const RE2& expression) {
  if (expression.ok()) return std::nullopt;
  const std::string& at = expression.error_arg();
  const std::size_t from = at.empty() ? std::string::npos : expression.pattern().find(at);
  return fmt::format(
      "the expression does not compile: {}{}", printable(shortened(expression.error())),
      from == std::string::npos ? "" : fmt::format(" (from character {} of it on)", from + 1));
}

/// The number at the front of `text`, taken off it.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return number;
}

bool take(std::string_view& text, char character) {
  if (!text.starts_with(character)) return false;
  text.remove_prefix(1);
  return true;
}

std::unexpected<std::string> not_a_mask(std::string_view text) {
  return std::unexpected(fmt::format(
      "\"{}\" is neither TURN:FROM-TO, such as 2:17-46 (in the answer of the second turn the bytes "
      "from offset 17 to offset 46), nor /REGEX/ or TURN:/REGEX/, such as '/Date: .*/'",
      printable(shortened(text))));
}

/// "/RE/", and nothing else.
std::expected<std::string, std::string> expression_of(std::string_view text) {
  if (text.size() < 3 || !text.ends_with('/')) {
    return std::unexpected(fmt::format("\"{}\": an expression stands between two slashes",
                                       printable(shortened(text))));
  }
  std::string pattern(text.substr(1, text.size() - 2));
  // It is told in JSON, which has no other bytes; RE2 has \xNN for them.
  if (RE2(pattern, RE2::Quiet).error_code() == RE2::ErrorBadUTF8) {
    return std::unexpected(
        fmt::format("\"{}\" is not UTF-8: write other bytes as \\xNN", printable(shortened(text))));
  }
  if (auto mistake = mistake_of(RE2(pattern, of_bytes()))) {
    return std::unexpected(
        fmt::format("\"{}\": {}", printable(shortened(text)), *std::move(mistake)));
  }
  return pattern;
}

}  // namespace

std::expected<Mask, std::string> Mask::parse(std::string_view text) {
  std::string_view rest = text;
  Mask mask;
  if (!rest.starts_with('/')) {
    const auto turn = take_number(rest);
    if (!turn || *turn == 0 || !take(rest, ':')) return not_a_mask(text);
    mask.turn = *turn - 1;
  }
  if (rest.starts_with('/')) {
    auto pattern = expression_of(rest);
    if (!pattern) return std::unexpected(std::move(pattern.error()));
    mask.pattern = *std::move(pattern);
    return mask;
  }
  const auto from = take_number(rest);
  const bool has_from = from && take(rest, '-');
  const auto last = has_from ? take_number(rest) : std::nullopt;
  if (!last || !rest.empty() || *last < *from || *last == UINT64_MAX) return not_a_mask(text);
  mask.stretch = {.from = *from, .to = *last + 1};
  return mask;
}

std::vector<std::string> patterns_for(std::span<const Mask> masks, std::size_t turn) {
  std::vector<std::string> patterns;
  for (const Mask& mask : masks) {
    const bool is_for_it = mask.turn.value_or(turn) == turn;
    if (is_for_it && !mask.pattern.empty()) patterns.push_back(mask.pattern);
  }
  return patterns;
}

std::expected<std::vector<step::Stretch>, std::string> masked_parts(
    std::span<const std::string> patterns, Bytes bytes) {
  std::vector<step::Stretch> found;
  const re2::StringPiece text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  for (const std::string& pattern : patterns) {
    const RE2 expression(pattern, of_bytes());
    if (const auto mistake = mistake_of(expression)) {
      return std::unexpected(
          fmt::format("the mask \"{}\": {}", printable(shortened(pattern)), *mistake));
    }
    re2::StringPiece match;
    for (std::size_t at = 0; at < text.size();) {
      if (!expression.Match(text, at, text.size(), RE2::UNANCHORED, &match, 1)) break;
      const auto from = static_cast<std::size_t>(match.data() - text.data());
      if (!match.empty()) found.push_back({.from = from, .to = from + match.size()});
      at = from + std::max<std::size_t>(match.size(), 1);
    }
  }
  std::ranges::sort(found, {}, &step::Stretch::from);
  std::vector<step::Stretch> parts;
  for (const step::Stretch& stretch : found) {
    if (!parts.empty() && stretch.from < parts.back().to) {
      parts.back().to = std::max(parts.back().to, stretch.to);
    } else {
      parts.push_back(stretch);
    }
  }
  return parts;
}

}  // namespace framespec::conformance
