#include "runner/answer_comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "runner/mask.h"

namespace framespec::conformance {
namespace {

// So much is shown around the first byte that differs.
constexpr std::size_t kShownBefore = 4;
constexpr std::size_t kShown = 16;

/// Goes through ascending stretches with a place that only grows.
class Stretches {
 public:
  explicit Stretches(std::span<const step::Stretch> stretches) : left_(stretches) {}

  /// The one that `at` lies in, or null.
  [[nodiscard]] const step::Stretch* at(std::size_t at) {
    while (!left_.empty() && left_.front().to <= at) left_ = left_.subspan(1);
    return left_.empty() || left_.front().from > at ? nullptr : &left_.front();
  }

 private:
  std::span<const step::Stretch> left_;
};

void add_byte(std::vector<step::Stretch>& stretches, std::size_t at) {
  if (!stretches.empty() && stretches.back().to == at) {
    ++stretches.back().to;
  } else {
    stretches.push_back({.from = at, .to = at + 1});
  }
}

}  // namespace

std::uint64_t MaskedAnswer::units() const noexcept {
  std::uint64_t units = bytes.size() + masked.size();
  for (const step::Stretch& stretch : masked) units -= stretch.to - stretch.from;
  return units;
}

std::expected<MaskedAnswer, std::string> masked_answer(Bytes bytes,
                                                       std::span<const std::string> patterns) {
  auto masked = masked_parts(patterns, bytes);
  if (!masked) return std::unexpected(std::move(masked.error()));
  return MaskedAnswer{.bytes = bytes, .masked = *std::move(masked)};
}

AnswerComparison compare(const MaskedAnswer& known, std::span<const step::Stretch> varies,
                         const MaskedAnswer& other, std::vector<step::Stretch>* differences) {
  using enum AnswerComparison::Outcome;
  Stretches known_masked(known.masked);
  Stretches other_masked(other.masked);
  Stretches any(varies);
  AnswerComparison seen;
  while (seen.known_at < known.bytes.size()) {
    if (seen.other_at >= other.bytes.size()) {
      seen.outcome = kBeginning;
      return seen;
    }
    const step::Stretch* const here = known_masked.at(seen.known_at);
    const step::Stretch* const there = other_masked.at(seen.other_at);
    if ((here == nullptr) != (there == nullptr)) {
      seen.outcome = kOther;
      return seen;
    }
    if (here != nullptr) {
      seen.known_at = here->to;
      seen.other_at = there->to;
      continue;
    }
    if (known.bytes[seen.known_at] != other.bytes[seen.other_at] &&
        any.at(seen.known_at) == nullptr) {
      if (differences == nullptr) {
        seen.outcome = kOther;
        return seen;
      }
      add_byte(*differences, seen.known_at);
    }
    ++seen.known_at;
    ++seen.other_at;
  }
  return seen;
}

std::string around(const MaskedAnswer& answer, std::size_t at) {
  const Bytes bytes = answer.bytes;
  const std::size_t from = std::min(at - std::min(at, kShownBefore), bytes.size());
  const Bytes shown = bytes.subspan(from, std::min(kShown, bytes.size() - from));
  if (shown.empty()) return fmt::format("{} bytes", bytes.size());
  Stretches masked(answer.masked);
  std::string text = fmt::format("{} bytes, from byte {} on", bytes.size(), from);
  std::string characters;
  for (std::size_t offset = 0; offset < shown.size(); ++offset) {
    if (masked.at(from + offset) != nullptr) {
      text += " **";
      characters += '*';
      continue;
    }
    const auto value = static_cast<unsigned char>(shown[offset]);
    text += fmt::format(" {:02x}", value);
    characters += value >= 0x20 && value < 0x7f ? static_cast<char>(value) : '.';
  }
  return text + fmt::format(" |{}|", characters);
}

}  // namespace framespec::conformance
