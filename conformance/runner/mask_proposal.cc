#include "runner/mask_proposal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "launch/command_template.h"
#include "runner/answer_comparison.h"

namespace framespec::conformance {
namespace {

// A command line with more of them helps nobody.
constexpr std::size_t kPatternsMax = 12;
// So much of its line tells a number from others.
constexpr std::size_t kBeforeMax = 32;

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kNumber = "0123456789.";
constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kLineEnds = "\r\n";

struct WordKind {
  std::string_view expression;
  bool (*has)(char character);
};

bool is_in(std::string_view set, char character) {
  return set.find(character) != std::string_view::npos;
}

// The narrowest comes first.
constexpr std::array<WordKind, 4> kWordKinds = {{
    {"[0-9]+", [](char c) { return is_in(kDigits, c); }},
    {"[0-9.]+", [](char c) { return is_in(kNumber, c); }},
    {"[0-9A-Za-z]+", [](char c) { return is_in(kDigits, c) || is_in(kLetters, c); }},
    {"[^\\r\\n]+", [](char c) { return !is_in(kLineEnds, c); }},
}};

/// Bytes as an expression that matches them alone.
std::string quoted(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) {
    const auto value = static_cast<unsigned char>(byte);
    if (value < 0x20 || value >= 0x7f) {
      text += fmt::format("\\x{:02x}", value);
    } else {
      if (is_in("\\.+*?()|[]{}^$", byte)) text += '\\';
      text += byte;
    }
  }
  return text;
}

/// Of `text` around `at`: what is of that kind; of the rest of a line from a blank on.
std::string_view word_at(std::string_view text, std::size_t at, const WordKind& kind) {
  const bool is_rest = &kind == &kWordKinds.back();
  std::size_t from = at;
  while (from > 0 && kind.has(text[from - 1]) && !(is_rest && text[from - 1] == ' ')) --from;
  std::size_t to = at;
  while (to < text.size() && kind.has(text[to])) ++to;
  return text.substr(from, to - from);
}

bool is_equal(Bytes one, Bytes other, std::span<const std::string> patterns,
              AnswerComparison& seen) {
  const auto known = masked_answer(one, patterns);
  const auto came = masked_answer(other, patterns);
  if (!known || !came) return false;
  seen = compare(*known, {}, *came);
  return seen.outcome == AnswerComparison::Outcome::kSame && seen.other_at == other.size();
}

/// For the place where they differ. Empty: there is no such word.
std::string pattern_for(std::string_view one, std::size_t one_at, std::string_view other,
                        std::size_t other_at) {
  for (const WordKind& kind : kWordKinds) {
    const std::string_view word = word_at(one, one_at, kind);
    const std::string_view another = word_at(other, other_at, kind);
    if (word.empty() || another.empty() || word == another) continue;
    const bool is_part_of_number =
        &kind == kWordKinds.data() && word_at(one, one_at, kWordKinds[1]) != word;
    if (is_part_of_number) continue;
    // Where the words differ only behind a part that is of another kind, it is the wrong kind.
    const std::string_view behind = one.substr(static_cast<std::size_t>(word.end() - one.begin()));
    const std::string_view behind_other =
        other.substr(static_cast<std::size_t>(another.end() - other.begin()));
    if (behind.substr(0, 1) != behind_other.substr(0, 1)) continue;
    std::string_view before = one.substr(0, static_cast<std::size_t>(word.begin() - one.begin()));
    const std::size_t line = before.find_last_of(kLineEnds);
    if (line != std::string_view::npos) before.remove_prefix(line + 1);
    // It would match every line.
    if (before.empty() && &kind == &kWordKinds.back()) continue;
    if (before.size() > kBeforeMax) before.remove_prefix(before.size() - kBeforeMax);
    return quoted(before) + std::string(kind.expression);
  }
  return {};
}

}  // namespace

std::vector<std::string> patterns_that_fit(Bytes one, Bytes other,
                                           std::span<const std::string> patterns) {
  std::vector<std::string> all(patterns.begin(), patterns.end());
  AnswerComparison seen;
  while (!is_equal(one, other, all, seen)) {
    std::string pattern = pattern_for(as_text(one), seen.known_at, as_text(other), seen.other_at);
    const bool is_new = !pattern.empty() && std::ranges::find(all, pattern) == all.end();
    if (!is_new || all.size() - patterns.size() == kPatternsMax) return {};
    all.push_back(std::move(pattern));
  }
  return {all.begin() + static_cast<std::ptrdiff_t>(patterns.size()), all.end()};
}

std::string as_option(std::size_t turn, const std::string& pattern) {
  return fmt::format("--mask {}", shell_word(fmt::format("{}:/{}/", turn + 1, pattern)));
}

}  // namespace framespec::conformance
