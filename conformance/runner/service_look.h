// What is looked at before a service is accused: whether it still answers the unsplit conversation
// as when that was learnt, whether a plan has changed that for everybody, and whether it is time
// that it goes by, and not the cuts.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "runner/check_events.h"
#include "runner/plan_runner.h"
#include "suite/suite.h"

namespace framespec::conformance {

class ServiceLook {
 public:
  /// All must outlive it. Asked only once the answers are known (PlanRunner::learnt_answers).
  ServiceLook(const PlanSource& source, PlanRunner& runner, CheckEvents& events)
      : source_(source), runner_(runner), events_(events) {}

  [[nodiscard]] bool is_control(const Plan& plan) const;

  /// Plays the unsplit conversation, for a check of this case.
  [[nodiscard]] Attempt play_unsplit(std::string_view case_key,
                                     event::Look look = event::Look::kAgain);

  /// What PlanRunner::play_control() has come to.
  using Seen = std::expected<AnswersSeen, std::string>;

  /// Plays it once more to learn from it: whether it is the same again.
  [[nodiscard]] bool comes_again(const Seen& seen);

  /// Of a service that has answered it otherwise than learnt: what varies is learnt. Where it is
  /// more than that, in what it differs: a phrase.
  [[nodiscard]] std::optional<std::string> learn_again(Seen seen, std::string_view case_key);

  /// What a plan does to a service that has just been started.
  struct Afresh {
    enum class Effect {
      kUnknown,   ///< it does not answer as learnt even then, or not when nothing was cut
      kNone,      ///< the plan goes well, and so does the unsplit conversation behind it
      kDeviates,  ///< the plan does not, and the unsplit conversation behind it does
      kBreaks,    ///< the unsplit conversation is no longer answered as it was
    };
    Effect effect = Effect::kUnknown;
    Attempt attempt{};  ///< of the plan; with a failure if it breaks the service
  };
  /// Starts a launched service anew for it. One that it breaks is started anew once more, to see
  /// that the unsplit conversations alone do not break it; afterwards it is not broken.
  [[nodiscard]] Afresh find_effect(const Plan& plan, std::string_view case_key);
  /// The same without that: afterwards the service may be broken.
  [[nodiscard]] Afresh try_afresh(const Plan& plan, std::string_view case_key, event::Look look);

  /// How the request that a plan cuts or joins is sent instead: whole, or in two parts, after a
  /// pause before the last of them.
  struct Slowly {
    std::size_t cut_at = 0;  ///< 0: whole
    std::chrono::milliseconds pause{0};
  };

  /// Whether it is as in `failure` when the request is not cut, and as slow as it was cut: an
  /// inconclusive judgement if so. `segmented_for` is how long it took.
  [[nodiscard]] std::optional<Judgement> find_time(const Plan& plan, const Failure& failure,
                                                   std::chrono::microseconds segmented_for,
                                                   std::string_view case_key);

 private:
  [[nodiscard]] Attempt play_slowly(const Plan& plan, const Slowly& how, std::string_view case_key);
  /// The same, and the service is there again afterwards.
  [[nodiscard]] Attempt play_cut(const Plan& plan, const Slowly& how, std::string_view case_key);
  /// Whether that fails where `failure` is.
  [[nodiscard]] bool goes_so(const Plan& plan, const Failure& failure, const Slowly& how,
                             std::string_view case_key);
  /// As quick as it can be cut there and the parts be apart.
  [[nodiscard]] Slowly quickly_at(std::size_t cut) const;
  /// Whether one of so many plays does, in which the parts were apart.
  [[nodiscard]] bool goes_well(const Plan& plan, const Slowly& how, unsigned plays,
                               std::string_view case_key);
  /// Whether its answer goes by how much later the rest comes: one to a quick cut comes again, none
  /// of these to a slow one, and then again to a quick one.
  [[nodiscard]] bool tells_time(const Plan& plan, std::size_t cut, std::string_view case_key);
  [[nodiscard]] bool stays_as_it_is(const Plan& plan, std::chrono::microseconds segmented_for,
                                    std::string_view case_key);

  const PlanSource& source_;
  PlanRunner& runner_;
  CheckEvents& events_;
};

}  // namespace framespec::conformance
