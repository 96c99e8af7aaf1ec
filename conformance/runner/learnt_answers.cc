#include "runner/learnt_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "framespec/printable.h"
#include "framespec/shortened.h"
#include "runner/mask_proposal.h"

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

/// Where bytes differ that are compared; nothing where it cannot be compared with that answer.
std::optional<std::vector<step::Stretch>> differences(const ExpectAnswer& known, Bytes other) {
  const auto was = masked_answer(known.bytes, known.masks);
  const auto is = masked_answer(other, known.masks);
  if (!was || !is) return std::nullopt;
  std::vector<step::Stretch> found;
  const AnswerComparison seen = compare(*was, known.varies, *is, &found);
  if (seen.outcome != AnswerComparison::Outcome::kSame || seen.other_at != other.size()) {
    return std::nullopt;
  }
  return found;
}

std::uint64_t size_of(const std::vector<step::Stretch>& stretches) {
  std::uint64_t size = 0;
  for (const step::Stretch& stretch : stretches) size += stretch.to - stretch.from;
  return size;
}

std::vector<step::Stretch> masked_in(const ExpectAnswer& answer) {
  return masked_parts(answer.masks, answer.bytes).value_or(std::vector<step::Stretch>());
}

/// How many of its bytes are compared.
std::uint64_t compared_size(const ExpectAnswer& answer) {
  std::vector<step::Stretch> left_out = answer.varies;
  const std::vector<step::Stretch> masked = masked_in(answer);
  left_out.insert(left_out.end(), masked.begin(), masked.end());
  merge(left_out);
  return answer.bytes.size() - size_of(left_out);
}

}  // namespace

std::expected<bool, std::string> LearntAnswers::add(const AnswersSeen& seen) {
  if (answers_.empty()) {
    if (auto begun = begin_with(seen); !begun) return std::unexpected(begun.error());
    return true;
  }
  std::vector<std::vector<step::Stretch>> more(answers_.size());
  for (std::size_t turn = 0; turn < answers_.size(); ++turn) {
    const Bytes bytes = turn < seen.answers.size() ? Bytes(seen.answers[turn]) : Bytes();
    auto found = differences(answers_[turn], bytes);
    if (!found) return std::unexpected(cannot_be_compared(turn, bytes));
    more[turn] = *std::move(found);
  }
  // One that closes now and then, in its own time, cannot be told to.
  is_closed_ = is_closed_ && seen.is_closed;
  bool is_wider = false;
  for (std::size_t turn = 0; turn < answers_.size(); ++turn) {
    if (more[turn].empty()) continue;
    is_wider = true;
    std::vector<step::Stretch>& varies = answers_[turn].varies;
    varies.insert(varies.end(), more[turn].begin(), more[turn].end());
    merge(varies);
  }
  return is_wider;
}

std::expected<void, std::string> LearntAnswers::begin_with(const AnswersSeen& seen) {
  is_closed_ = seen.is_closed;
  for (const ByteVector& bytes : seen.answers) {
    answers_.push_back({.bytes = bytes, .masks = patterns_for(masks_, answers_.size())});
  }
  for (const Mask& mask : masks_) {
    if (!mask.turn) continue;
    const std::size_t turn = *mask.turn;
    const std::size_t size = turn < answers_.size() ? answers_[turn].bytes.size() : 0;
    if (!mask.pattern.empty()) {
      if (turn < answers_.size()) continue;
      return std::unexpected(fmt::format("--mask {}:/{}/: there is no such turn", turn + 1,
                                         printable(shortened(mask.pattern))));
    }
    if (mask.stretch.to > size) {
      return std::unexpected(fmt::format("--mask {}:{}-{}: the answer of that turn has {} bytes",
                                         turn + 1, mask.stretch.from, mask.stretch.to - 1, size));
    }
    answers_[turn].varies.push_back(mask.stretch);
    merge(answers_[turn].varies);
  }
  return {};
}

std::string LearntAnswers::cannot_be_compared(std::size_t turn, Bytes other) const {
  const ExpectAnswer& answer = answers_[turn];
  const auto known = masked_answer(answer.bytes, answer.masks);
  const auto came = masked_answer(other, answer.masks);
  if (!known || !came) return known ? came.error() : known.error();
  std::string text =
      known->bytes.size() != other.size()
          ? fmt::format("the answer of turn {} has {} bytes once, and {} another time", turn + 1,
                        known->bytes.size(), other.size())
          : fmt::format("in the answer of turn {} other parts are masked another time", turn + 1);
  if (other.empty() || known->bytes.empty()) return text;
  const AnswerComparison seen = compare(*known, answer.varies, *came);
  text += fmt::format("; they first differ where the one is {} and the other is {}",
                      around(*known, seen.known_at), around(*came, seen.other_at));
  const std::vector<std::string> fit = patterns_that_fit(answer.bytes, other, answer.masks);
  if (fit.empty()) {
    return text + "; --mask TURN:/REGEX/ says what is not to be compared";
  }
  std::vector<std::string> options;
  options.reserve(fit.size());
  for (const std::string& pattern : fit) options.push_back(as_option(turn, pattern));
  return text + fmt::format("; with {} they are equal", fmt::join(options, " "));
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
    const auto found = differences(known, seen.answers[turn]);
    if (!found) return false;
    if (size_of(*found) * 2 > compared_size(known)) return true;
  }
  return false;
}

bool LearntAnswers::has_bytes() const noexcept {
  return std::ranges::any_of(answers_,
                             [](const ExpectAnswer& answer) { return !answer.bytes.empty(); });
}

bool LearntAnswers::compares_any() const noexcept {
  return std::ranges::any_of(answers_,
                             [](const ExpectAnswer& answer) { return compared_size(answer) > 0; });
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
    told.answers.push_back(
        {.size = answer.bytes.size(), .varies = answer.varies, .masked = masked_in(answer)});
  }
  return told;
}

bool varies_at(const ExpectAnswer& answer, std::uint64_t at) noexcept {
  const auto next = std::ranges::upper_bound(answer.varies, at, {}, &step::Stretch::from);
  return next != answer.varies.begin() && at < std::prev(next)->to;
}

}  // namespace framespec::conformance
