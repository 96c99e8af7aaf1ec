#include "statistics/rule.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "statistics/signed_rank.h"

namespace framespec::bench {
namespace {

constexpr double kVisible = 0.95;
constexpr int kTrials = 200;
constexpr int kHalvings = 8;

/// Made-up confirmations in the noise of `differences`, around nothing.
std::vector<std::vector<double>> make_trials(std::span<const double> differences,
                                             std::size_t rounds, Random& random) {
  const double middle = middle_of(differences);
  const auto count = static_cast<double>(differences.size());
  // What is left when the middle is taken off spreads a little less than the noise did.
  const double spread = std::sqrt(count / (count - 1));
  std::vector<std::vector<double>> trials(kTrials, std::vector<double>(rounds));
  for (std::vector<double>& trial : trials) {
    for (double& value : trial) {
      value = (differences[random.below(differences.size())] - middle) * spread;
    }
  }
  return trials;
}

bool is_visible(double shift, const std::vector<std::vector<double>>& trials,
                std::size_t suspect_count, const Rule& rule) {
  const auto suspects = static_cast<double>(std::max<std::size_t>(suspect_count, 1));
  const auto found = std::ranges::count_if(trials, [&](std::vector<double> trial) {
    for (double& value : trial) value += shift;
    return is_confirmed(trial, 1, suspects * p_above_zero(trial), rule);
  });
  return static_cast<double>(found) >= kVisible * kTrials;
}

}  // namespace

double least_difference(const Rule& rule) { return std::log1p(rule.effect) / 2; }

Screening screen(std::span<const double> differences, const Rule& rule, Random& random) {
  Screening screening;
  screening.middle = middle_of(differences);
  screening.interval = bootstrap_interval(differences, rule.level, random);
  if (differences.size() < rule.first_look) return screening;
  const double effect = std::log1p(rule.effect);
  if (screening.interval.is_within(-effect, effect)) {
    screening.look = Look::kSame;
  } else if (!screening.interval.contains(0) &&
             std::abs(screening.middle) >= least_difference(rule)) {
    screening.look = screening.middle > 0 ? Look::kSlower : Look::kFaster;
  }
  return screening;
}

bool is_time_to_look(std::size_t rounds, const Rule& rule) {
  std::size_t next = rule.first_look;
  while (next < rounds) next += std::max<std::size_t>(next / 5, 1);
  return rounds == next;
}

std::size_t fewest_rounds(std::size_t suspect_count, const Rule& rule) {
  constexpr double kMargin = 10;
  const auto suspects = static_cast<double>(std::max<std::size_t>(suspect_count, 1));
  return static_cast<std::size_t>(std::ceil(std::log2(kMargin * suspects / rule.alpha)));
}

std::size_t confirmation_rounds(std::span<const double> differences, std::size_t suspect_count,
                                const Rule& rule, Random& random) {
  constexpr double kOfWhatWasSeen = 0.75;
  const std::size_t fewest = fewest_rounds(suspect_count, rule);
  if (differences.size() < 2) return fewest;
  const double shift =
      std::max(kOfWhatWasSeen * std::abs(middle_of(differences)), 1.25 * least_difference(rule));
  const std::size_t most = 4 * fewest;
  for (std::size_t rounds = fewest; rounds < most; rounds += rounds / 4) {
    const auto trials = make_trials(differences, rounds, random);
    if (is_visible(shift, trials, suspect_count, rule)) return rounds;
  }
  return most;
}

bool is_confirmed(std::span<const double> differences, double sign, double adjusted_p,
                  const Rule& rule) {
  return adjusted_p <= rule.alpha && middle_of(differences) * sign >= least_difference(rule);
}

bool has_moved(std::span<const double> differences, const Rule& rule, Random& random) {
  return std::abs(middle_of(differences)) >= least_difference(rule) &&
         !bootstrap_interval(differences, rule.level, random).contains(0);
}

double smallest_visible(std::span<const double> differences, std::size_t rounds,
                        std::size_t suspect_count, const Rule& rule, Random& random) {
  constexpr double kNone = std::numeric_limits<double>::infinity();
  if (differences.size() < 2) return kNone;
  const auto trials = make_trials(differences, rounds, random);
  double low = std::log1p(rule.effect);
  double high = std::log(2.0);
  if (is_visible(low, trials, suspect_count, rule)) return rule.effect;
  if (!is_visible(high, trials, suspect_count, rule)) return kNone;
  for (int i = 0; i < kHalvings; ++i) {
    const double half = std::sqrt(low * high);
    (is_visible(half, trials, suspect_count, rule) ? high : low) = half;
  }
  return std::expm1(high);
}

}  // namespace framespec::bench
