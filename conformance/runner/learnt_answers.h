// What a service answers to the unsplit conversation, learnt from several plays of it: the control
// that every other play is compared with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framespec/bytes.h"
#include "framespec/step.h"
#include "runner/answer_comparison.h"
#include "runner/mask.h"
#include "suite/plan.h"

namespace framespec::conformance {

/// What came in one play, by ExpectAnswer, and whether the service closed the connection behind it.
struct AnswersSeen {
  std::vector<ByteVector> answers;
  bool is_closed = false;
  /// The turn, from 1, in which it closed the connection before our stream had ended; or 0.
  std::size_t closed_in = 0;
};

/// What to do where unsplit answers differ too much.
inline constexpr std::string_view kResetHint =
    "what the requests change in the service, --before-each 'CMD' resets";

class LearntAnswers {
 public:
  explicit LearntAnswers(std::vector<Mask> masks = {}) : masks_(std::move(masks)) {}

  /// Takes one more play of the same conversation: where its bytes differ from those before, they
  /// vary from now on. An error, a sentence, where it cannot be compared with them: it has other
  /// sizes, or masked parts elsewhere. It shows both, and the --mask with which they would be
  /// equal. Otherwise whether something varies that did not before.
  [[nodiscard]] std::expected<bool, std::string> add(const AnswersSeen& seen);

  /// Before the first play there is nothing to compare with.
  [[nodiscard]] bool is_known() const noexcept { return !answers_.empty(); }

  /// Whether nothing came in a turn in which something is known to come.
  [[nodiscard]] bool is_one_missing(const AnswersSeen& seen) const noexcept;

  /// Whether, of the same sizes, it is no variation of what is known, but another answer: in some
  /// turn more than half of the bytes that are compared are others.
  [[nodiscard]] bool is_another(const AnswersSeen& seen) const;

  /// Whether any byte of any answer is compared.
  [[nodiscard]] bool compares_any() const noexcept;

  /// Whether anything was answered at all.
  [[nodiscard]] bool has_bytes() const noexcept;

  /// The steps with what was learnt in place of what they expect: the first ExpectAnswer is that of
  /// the first turn, and so on. Where the service has not closed the connection by itself, no step
  /// expects it.
  [[nodiscard]] std::vector<Step> applied_to(std::vector<Step> steps) const;

  /// By turn; the last one is what came when the stream had ended.
  [[nodiscard]] const std::vector<ExpectAnswer>& answers() const noexcept { return answers_; }
  [[nodiscard]] bool is_closed() const noexcept { return is_closed_; }

 private:
  [[nodiscard]] std::expected<void, std::string> begin_with(const AnswersSeen& seen);
  [[nodiscard]] std::string cannot_be_compared(std::size_t turn, Bytes other) const;

  std::vector<Mask> masks_;
  std::vector<ExpectAnswer> answers_;
  bool is_closed_ = false;
};

/// What was learnt, to be told.
struct AnswersLearnt {
  struct Answer {
    std::uint64_t size = 0;
    std::vector<step::Stretch> varies{};
    std::vector<step::Stretch> masked{};  ///< what --mask matched in the first one
  };
  std::vector<Answer> answers{};  ///< by turn; the last: what came when the stream had ended
  bool is_closed = false;         ///< the service closes the connection behind it
};
[[nodiscard]] AnswersLearnt answers_learnt(const LearntAnswers& learnt);

/// Whether the byte at `at` may be any.
[[nodiscard]] bool varies_at(const ExpectAnswer& answer, std::uint64_t at) noexcept;

}  // namespace framespec::conformance
