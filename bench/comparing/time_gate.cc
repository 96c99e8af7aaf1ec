#include "comparing/time_gate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "statistics/signed_rank.h"

namespace framespec::bench {
namespace {

/// The second is for those whose fresh rounds met more noise than their screening had.
constexpr int kAttempts = 2;

struct Differences {
  std::vector<double> b_over_a;
  std::vector<double> copy_over_a;
  double seconds = 0;

  void add(const Round& round) {
    b_over_a.push_back(round.b_over_a);
    copy_over_a.push_back(round.copy_over_a);
    seconds += round.seconds;
  }
};

struct Subject {
  /// All rounds before those that the verdict rests on, and these.
  std::vector<double> before;
  Differences rests_on;
  /// Of the rounds that the verdict rests on, as they are now.
  Screening screening;
  std::size_t rounds_to_confirm = 0;
  bool is_suspect = false;
  bool is_confirmed = false;
  /// Which way the suspicion goes: 1 slower, -1 faster.
  double sign = 0;
  /// Why a round said nothing; empty if all did.
  std::string says_nothing = {};

  void begin_afresh() {
    before.insert(before.end(), rests_on.b_over_a.begin(), rests_on.b_over_a.end());
    rests_on = {};
  }
};

using Outcome = std::expected<void, std::string>;

Outcome screen_all(std::vector<Subject>& subjects, const Rule& rule, const TimeBudget& budget,
                   const MeasureRound& measure, Random& random) {
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < subjects.size(); ++i) open.push_back(i);
  while (!open.empty()) {
    std::vector<std::size_t> still_open;
    for (const std::size_t index : open) {
      Subject& subject = subjects[index];
      const auto round = measure(index);
      if (!round) return std::unexpected(round.error());
      if (!round->says_nothing.empty()) {
        subject.says_nothing = round->says_nothing;
        continue;
      }
      subject.rests_on.add(*round);
      const std::size_t rounds = subject.rests_on.b_over_a.size();
      const bool is_spent =
          rounds >= rule.first_look &&
          (subject.rests_on.seconds >= budget.seconds || rounds >= budget.rounds_max);
      if (is_spent || is_time_to_look(rounds, rule)) {
        subject.screening = screen(subject.rests_on.b_over_a, rule, random);
      }
      if (subject.screening.look == Look::kUnclear && !is_spent) still_open.push_back(index);
    }
    open = std::move(still_open);
  }
  return {};
}

/// Each gets the rounds that were fixed for it before; they take turns too.
Outcome measure_afresh(const std::vector<Subject*>& suspects, const Subject* first,
                       const MeasureRound& measure) {
  std::size_t most = 0;
  for (const Subject* const suspect : suspects) most = std::max(most, suspect->rounds_to_confirm);
  for (std::size_t round = 0; round < most; ++round) {
    for (Subject* const suspect : suspects) {
      if (round >= suspect->rounds_to_confirm || !suspect->says_nothing.empty()) continue;
      const auto measured = measure(static_cast<std::size_t>(suspect - first));
      if (!measured) return std::unexpected(measured.error());
      suspect->says_nothing = measured->says_nothing;
      if (suspect->says_nothing.empty()) suspect->rests_on.add(*measured);
    }
  }
  return {};
}

/// One attempt to confirm: fresh rounds for each suspect, and Holm's correction for all of them.
Outcome confirm(const std::vector<Subject*>& suspects, const Subject* first, const Rule& rule,
                const MeasureRound& measure, Random& random) {
  for (Subject* const suspect : suspects) {
    suspect->begin_afresh();
    suspect->rounds_to_confirm =
        confirmation_rounds(suspect->before, suspects.size(), rule, random);
  }
  if (const auto done = measure_afresh(suspects, first, measure); !done) return done;
  std::vector<double> p_values;
  for (const Subject* const suspect : suspects) {
    if (!suspect->says_nothing.empty()) {
      p_values.push_back(1);
      continue;
    }
    std::vector<double> towards = suspect->rests_on.b_over_a;
    for (double& value : towards) value *= suspect->sign;
    p_values.push_back(p_above_zero(towards));
  }
  const auto adjusted = holm_adjusted(p_values);
  for (std::size_t i = 0; i < suspects.size(); ++i) {
    Subject& suspect = *suspects[i];
    if (!suspect.says_nothing.empty()) continue;
    suspect.is_confirmed = is_confirmed(suspect.rests_on.b_over_a, suspect.sign, adjusted[i], rule);
    suspect.screening = screen(suspect.rests_on.b_over_a, rule, random);
  }
  return {};
}

std::string percent(double fraction) {
  const auto tenths = std::lround(std::abs(fraction) * 1000);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " %";
}

/// The figures of a verdict.
TimeResult describe(const Subject& subject) {
  const Screening& seen = subject.screening;
  return {
      .verdict = Verdict::kInconclusive,
      .change = std::expm1(seen.middle),
      .interval = {.low = std::expm1(seen.interval.low), .high = std::expm1(seen.interval.high)},
      .copy_change = std::expm1(middle_of(subject.rests_on.copy_over_a)),
      .visible = 0,
      .rounds = subject.rests_on.b_over_a.size(),
      .is_confirmation = subject.is_suspect,
      .why = {}};
}

/// The verdict that B's figures allow, before A is asked about itself.
void judge(TimeResult& result, const Subject& subject) {
  if (subject.is_confirmed) {
    result.verdict = subject.sign > 0 ? Verdict::kWorse : Verdict::kBetter;
  } else if (subject.screening.look == Look::kSame) {
    result.verdict = Verdict::kSame;
  } else {
    result.why = subject.is_suspect ? "suspected, but not confirmed by fresh pairs"
                                    : "too noisy for the budget";
  }
}

/// Where A differs from its own copy, or by more than B does, B's difference says nothing.
void ask_the_copy(TimeResult& result, const Differences& differences, const Rule& rule,
                  Random& random) {
  const bool is_change = result.verdict == Verdict::kWorse || result.verdict == Verdict::kBetter;
  if (has_moved(differences.copy_over_a, rule, random) ||
      (is_change && std::abs(result.copy_change) >= std::abs(result.change))) {
    result.verdict = Verdict::kInconclusive;
    result.why = "A differs from itself by " + percent(result.copy_change);
  }
}

}  // namespace

std::expected<std::vector<TimeResult>, std::string> judge_times(std::size_t benchmark_count,
                                                                const Rule& rule,
                                                                const TimeBudget& budget,
                                                                const MeasureRound& measure,
                                                                Random& random) {
  std::vector<Subject> subjects(benchmark_count);
  if (const auto done = screen_all(subjects, rule, budget, measure, random); !done) {
    return std::unexpected(done.error());
  }
  std::vector<Subject*> suspects;
  for (Subject& subject : subjects) {
    if (!subject.says_nothing.empty()) continue;
    const Look look = subject.screening.look;
    subject.is_suspect = look == Look::kSlower || look == Look::kFaster;
    subject.sign = look == Look::kSlower ? 1 : -1;
    if (subject.is_suspect) suspects.push_back(&subject);
  }
  // The attempts share the rate of false alarms.
  Rule attempt = rule;
  attempt.alpha /= kAttempts;
  const std::size_t suspect_count = suspects.size();
  for (int i = 0; i < kAttempts && !suspects.empty(); ++i) {
    if (const auto done = confirm(suspects, subjects.data(), attempt, measure, random); !done) {
      return std::unexpected(done.error());
    }
    std::erase_if(suspects, [](const Subject* suspect) {
      return suspect->is_confirmed || suspect->screening.look == Look::kSame ||
             !suspect->says_nothing.empty();
    });
  }

  std::vector<TimeResult> results;
  for (const Subject& subject : subjects) {
    if (!subject.says_nothing.empty()) {
      results.push_back(
          {.visible = std::numeric_limits<double>::infinity(), .why = subject.says_nothing});
      continue;
    }
    TimeResult result = describe(subject);
    judge(result, subject);
    ask_the_copy(result, subject.rests_on, rule, random);
    const std::size_t rounds =
        subject.is_suspect ? subject.rounds_to_confirm : fewest_rounds(suspect_count, attempt);
    result.visible =
        smallest_visible(subject.rests_on.b_over_a, rounds, suspect_count, attempt, random);
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace framespec::bench
