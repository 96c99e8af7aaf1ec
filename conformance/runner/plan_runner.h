// Carries plans out one after the other, on a testee that is there for each of them.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "delivery/other_namespaces.h"
#include "launch/testee.h"
#include "runner/check_events.h"
#include "runner/execute.h"
#include "runner/flight.h"
#include "runner/learnt_answers.h"
#include "runner/learnt_patience.h"
#include "runner/run_result.h"
#include "runner/taker.h"
#include "runner/time_spent.h"
#include "suite/suite.h"

namespace framespec::conformance {

/// The check that a testee works at all. Suites of the user's own need not have one: then it is
/// the sentinel alone.
[[nodiscard]] Plan sanity_plan(const PlanSource& source);

class PlanRunner {
 public:
  /// All of these must outlive it. `unexplained_death` is told of an end of the testee that nobody
  /// was there to see, before the next plan is carried out.
  PlanRunner(const PlanSource& source, Testee& testee, const ExecuteOptions& options,
             TimeSpent& time, CheckEvents& events,
             std::function<void(const ProcessEnd&)> unexplained_death);

  /// Starts the testee if it is not there; false when that cannot be done: see problem().
  bool make_ready();

  /// Once, with so much patience, and tells of it. A launched testee that hung at work, and has not
  /// come to an end when its connections have, is ended.
  Attempt run(const Plan& plan, const WaitLimits& limits, const Occasion& occasion);

  /// The same, and of a service then the unsplit conversation on a further connection, "next",
  /// where the plan goes through all of its own and the service closes behind it.
  Attempt run_with_next(const Plan& plan, const WaitLimits& limits, const Occasion& occasion);

  /// Whether a server answers on each of two connections that are open together. One that does not
  /// is as recover() leaves it.
  [[nodiscard]] bool serves_side_by_side();

  /// Carries out the plans, at most `at_once` of them at a time: of each what it came to, or
  /// nothing where it is to be carried out by run(). Nothing at all where the testee is not there,
  /// or has not served a plan alone before. A launched one with which not all went well is ended.
  [[nodiscard]] std::optional<std::vector<std::optional<Flown>>> fly(
      std::span<const Plan* const> plans, std::size_t at_once);

  /// Tells of what a plan came to in flight, in its turn.
  void note_flown(const Plan& plan, const Flown& flown, const Occasion& occasion);

  /// Tells of the testee's death in the last flight if it has not died since: then no plan of it,
  /// carried out alone, has killed it again.
  void tell_death_in_flight();

  /// Whether the testee still answers after it has deviated as in `attempt`; where it does not, a
  /// launched one is ended, so that the next plan meets a fresh one, and the failure tells of it.
  /// One that was not launched is given up. True where it was ended.
  bool recover(const std::string& plan_id, Attempt& attempt);

  /// Ends a launched service that answers otherwise than before; the next plan meets a fresh one.
  void start_anew();

  /// From here on the client's end is compared with this one, where a plan asks for it.
  void set_control_exit(step::ControlExit exit) { control_exit_ = std::move(exit); }

  /// Plays the unsplit conversation to learn from it; or why that does not go.
  [[nodiscard]] std::expected<AnswersSeen, std::string> play_control();
  /// Adds what was answered to what is known of the service; before, nothing can be compared.
  /// Whether it varies where it did not before, or why it cannot be learnt.
  std::expected<bool, std::string> learn_answers(const AnswersSeen& seen);
  /// Whether plays are to be learnt from, and not compared, from here on.
  void let_learn(bool learns) noexcept { options_.learns = learns; }
  [[nodiscard]] const LearntAnswers& learnt_answers() const noexcept { return learnt_answers_; }

  /// Exit status 89 or 0 count as declining from here on, or no more.
  void let_decline(bool may_decline) noexcept { options_.may_decline = may_decline; }

  /// Until it is called with false, a server's end with status 0 that leaves a process behind says
  /// that it went into the background: a problem, whenever it is seen. Later it is a death.
  void let_go_into_background(bool may) noexcept { may_go_into_background_ = may; }

  /// Looks again at who takes what is sent: as after each start of the testee, at the next plan
  /// that shows it.
  void look_at_taker() noexcept { is_taker_wanted_ = true; }

  /// Whether segments are sent without proof, with a pause (--pace).
  [[nodiscard]] bool is_paced() const noexcept { return options_.pace.has_value(); }

  /// How often the testee has died so far.
  [[nodiscard]] std::size_t deaths() const noexcept { return deaths_; }

  [[nodiscard]] const Restarts& restarts() const noexcept { return restarts_; }

  /// Ends the testee, if it has not ended; the next plan meets another one.
  void stop_testee();

  [[nodiscard]] bool is_over() const;
  [[nodiscard]] Testee& testee() noexcept { return testee_; }
  [[nodiscard]] LearntPatience& patience() noexcept { return patience_; }
  /// For the first look at a plan. What was learnt of a testee that had nothing else to do says
  /// nothing of one that is kept at work by a flood.
  [[nodiscard]] WaitLimits limits_for(const Plan& plan) const;
  [[nodiscard]] WaitLimits second_limits_for(const Plan& plan) const {
    return patience_.second_look(limits_for(plan));
  }
  [[nodiscard]] TimeSpent& time() noexcept { return time_; }

  /// Why nothing more can be run.
  std::optional<TesteeProblem> problem;

 private:
  [[nodiscard]] Plan with_control(const Plan& given) const;
  Attempt play(const Plan& plan, const WaitLimits& limits, const Occasion& occasion);
  [[nodiscard]] Attempt carry_out(const Plan& plan, const WaitLimits& limits, event::Look look);
  [[nodiscard]] ExecuteOptions options_for(const WaitLimits& limits, event::Look look) const;
  void note_death_in_flight(const Plan& first);
  void note_start(std::uint64_t starts_before);
  void note_taker(Attempt& attempt);
  void note_deaths();
  [[nodiscard]] bool is_in_background(const ProcessEnd& end) const;
  [[nodiscard]] bool goes_on_working() const;
  /// `why` and `if_alive` ("it answered nobody") hold for one that has not died meanwhile.
  void replace_testee(std::uint64_t Restarts::* why, std::string_view if_alive, Attempt& attempt);

  const PlanSource& source_;
  Testee& testee_;
  ExecuteOptions options_;
  TimeSpent& time_;
  CheckEvents& events_;
  std::function<void(const ProcessEnd&)> unexplained_death_;
  LearntPatience patience_;
  Restarts restarts_;
  std::uint64_t Restarts::* why_restarted_ = &Restarts::after_death;  ///< where it is started next
  std::uint64_t starts_noted_ = 0;
  std::size_t deaths_ = 0;
  std::size_t ends_noted_ = 0;  ///< of Testee::deaths()
  std::optional<step::ControlExit> control_exit_;
  LearntAnswers learnt_answers_;
  std::vector<Step> conversation_;                         ///< of a service, with what was learnt
  std::string last_plan_;                                  ///< the id
  std::uint64_t connections_ = 0;                          ///< of the testee's process
  std::optional<std::uint64_t> start_that_leaves_unread_;  ///< which, by Testee::starts()
  bool is_taker_wanted_ = true;
  bool may_go_into_background_ = false;
  bool is_unusable_ = false;  ///< what the last attempt came to
  std::vector<Taker> takers_;
  delivery::OtherNamespaces namespaces_;
  struct DeathInFlight {
    Death death;
    std::size_t deaths_before = 0;  ///< that were told of
  };
  std::optional<DeathInFlight> death_in_flight_;
};

}  // namespace framespec::conformance
