#include "runner/learnt_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "framespec/printable.h"
#include "framespec/shortened.h"

namespace framespec::conformance {
namespace {

/// Makes one stretch of those that touch or overlap. They come out ascending and apart.
void merge(std::vector<step::Stretch>& stretches) {
  std::ranges::sort(stretches, {}, &step::Stretch::from);
  std::vector<step::Stretch> merged;
  for (const step::Stretch& stretch : stretches) {
    if (!merged.empty() && stretch.from <= merged.back().to) {
      merged.back().to = std::max(merged.back().to, stretch.to);
    } else {
      merged.push_back(stretch);
    }
  }
  stretches = std::move(merged);
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

/// Where bytes differ that are compared. `other` has as many.
std::vector<step::Stretch> differences(const ExpectAnswer& known, Bytes other) {
  std::vector<step::Stretch> found;
  auto varies = known.varies.begin();
  for (std::size_t at = 0; at < known.bytes.size(); ++at) {
    while (varies != known.varies.end() && varies->to <= at) ++varies;
    const bool may_be_any = varies != known.varies.end() && varies->from <= at;
    if (may_be_any || known.bytes[at] == other[at]) continue;
    if (!found.empty() && found.back().to == at) {
      ++found.back().to;
    } else {
      found.push_back({.from = at, .to = at + 1});
    }
  }
  return found;
}

std::uint64_t size_of(const std::vector<step::Stretch>& stretches) {
  std::uint64_t size = 0;
  for (const step::Stretch& stretch : stretches) size += stretch.to - stretch.from;
  return size;
}

}  // namespace

std::expected<Mask, std::string> Mask::parse(std::string_view text) {
  std::string_view rest = text;
  const auto turn = take_number(rest);
  const bool has_turn = turn && *turn > 0 && take(rest, ':');
  const auto from = has_turn ? take_number(rest) : std::nullopt;
  const bool has_from = from && take(rest, '-');
  const auto last = has_from ? take_number(rest) : std::nullopt;
  if (!last || !rest.empty() || *last < *from || *last == UINT64_MAX) {
    return std::unexpected(fmt::format(
        "\"{}\" is not TURN:FROM-TO, such as 2:17-46: in the answer of the second turn the bytes "
        "from offset 17 to offset 46",
        printable(shortened(text))));
  }
  return Mask{.turn = *turn - 1, .stretch = {.from = *from, .to = *last + 1}};
}

std::expected<bool, std::string> LearntAnswers::add(const AnswersSeen& seen) {
  if (answers_.empty()) {
    is_closed_ = seen.is_closed;
    for (const ByteVector& bytes : seen.answers) answers_.push_back({.bytes = bytes});
    if (auto masked = add_masks(); !masked) return std::unexpected(masked.error());
    return true;
  }
  for (std::size_t turn = 0; turn < answers_.size(); ++turn) {
    const std::size_t size = turn < seen.answers.size() ? seen.answers[turn].size() : 0;
    if (size == answers_[turn].bytes.size()) continue;
    return std::unexpected(
        fmt::format("the answer of turn {} has {} bytes once, and {} another time", turn + 1,
                    answers_[turn].bytes.size(), size));
  }
  // One that closes now and then, in its own time, cannot be told to.
  is_closed_ = is_closed_ && seen.is_closed;
  bool is_wider = false;
  for (std::size_t turn = 0; turn < answers_.size(); ++turn) {
    ExpectAnswer& known = answers_[turn];
    const std::vector<step::Stretch> more = differences(known, seen.answers[turn]);
    if (more.empty()) continue;
    is_wider = true;
    known.varies.insert(known.varies.end(), more.begin(), more.end());
    merge(known.varies);
  }
  return is_wider;
}

std::expected<void, std::string> LearntAnswers::add_masks() {
  for (const Mask& mask : masks_) {
    if (mask.turn >= answers_.size() || mask.stretch.to > answers_[mask.turn].bytes.size()) {
      return std::unexpected(fmt::format(
          "--mask {}:{}-{}: the answer of that turn has {} bytes", mask.turn + 1, mask.stretch.from,
          mask.stretch.to - 1, mask.turn < answers_.size() ? answers_[mask.turn].bytes.size() : 0));
    }
    answers_[mask.turn].varies.push_back(mask.stretch);
    merge(answers_[mask.turn].varies);
  }
  return {};
}

bool LearntAnswers::is_one_missing(const AnswersSeen& seen) const noexcept {
  for (std::size_t turn = 0; turn < answers_.size(); ++turn) {
    const bool is_there = turn < seen.answers.size() && !seen.answers[turn].empty();
    if (!answers_[turn].bytes.empty() && !is_there) return true;
  }
  return false;
}

bool LearntAnswers::is_another(const AnswersSeen& seen) const {
  for (std::size_t turn = 0; turn < answers_.size() && turn < seen.answers.size(); ++turn) {
    const ExpectAnswer& known = answers_[turn];
    if (seen.answers[turn].size() != known.bytes.size()) return false;
    const std::uint64_t compared = known.bytes.size() - size_of(known.varies);
    if (size_of(differences(known, seen.answers[turn])) * 2 > compared) return true;
  }
  return false;
}

bool LearntAnswers::has_bytes() const noexcept {
  return std::ranges::any_of(answers_,
                             [](const ExpectAnswer& answer) { return !answer.bytes.empty(); });
}

bool LearntAnswers::compares_any() const noexcept {
  return std::ranges::any_of(answers_, [](const ExpectAnswer& answer) {
    return answer.bytes.size() > size_of(answer.varies);
  });
}

std::vector<Step> LearntAnswers::applied_to(std::vector<Step> steps) const {
  std::size_t turn = 0;
  for (Step& step : steps) {
    auto* const answer = std::get_if<ExpectAnswer>(&step.action);
    if (answer != nullptr && turn < answers_.size()) *answer = answers_[turn++];
  }
  if (!is_closed_) {
    std::erase_if(
        steps, [](const Step& step) { return std::holds_alternative<ExpectClosed>(step.action); });
  }
  return steps;
}

AnswersLearnt answers_learnt(const LearntAnswers& learnt) {
  AnswersLearnt told{.is_closed = learnt.is_closed()};
  for (const ExpectAnswer& answer : learnt.answers()) {
    told.answers.push_back({.size = answer.bytes.size(), .varies = answer.varies});
  }
  return told;
}

bool varies_at(const ExpectAnswer& answer, std::uint64_t at) noexcept {
  const auto next = std::ranges::upper_bound(answer.varies, at, {}, &step::Stretch::from);
  return next != answer.varies.begin() && at < std::prev(next)->to;
}

}  // namespace framespec::conformance
