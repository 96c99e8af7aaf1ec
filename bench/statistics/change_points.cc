#include "statistics/change_points.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <optional>

#include "statistics/location.h"

namespace framespec::bench {
namespace {

/// Figures `begin` to `end` - 1 of a series.
struct Stretch {
  std::size_t begin = 0;
  std::size_t end = 0;
  double statistic = 0;

  [[nodiscard]] std::size_t size() const { return end - begin; }
};

/// How much the logarithms spread around their level. Of neighbours only those differ that lie at a
/// change, so changes do not count as noise.
double noise_of(std::span<const double> logs) {
  std::vector<double> differences;
  for (std::size_t i = 1; i < logs.size(); ++i) {
    differences.push_back(std::abs(logs[i] - logs[i - 1]));
  }
  // Of normal noise the median difference is so much of the standard deviation.
  constexpr double kNormal = 0.6745 * std::numbers::sqrt2;
  return median(differences) / kNormal;
}

/// The distances of the logarithms from their median, none of them larger than `most`, less their
/// mean, so that a sum of them is a difference from what is expected.
std::vector<double> clipped(std::span<const double> logs, double most) {
  const double middle = median(logs);
  std::vector<double> distances;
  distances.reserve(logs.size());
  for (const double log : logs) distances.push_back(std::clamp(log - middle, -most, most));
  const double mean = std::accumulate(distances.begin(), distances.end(), 0.0) /
                      static_cast<double>(distances.size());
  for (double& distance : distances) distance -= mean;
  return distances;
}

/// A step lies at one end of the series; few are asked about, so it is seen sooner.
enum class Kind { kStep, kAnyStretch };

/// Looks through all stretches; keeps its room, as permutations ask it a thousand times.
class StretchSearch {
 public:
  StretchSearch(std::size_t size, std::size_t shortest)
      : size_(size), shortest_(shortest), sums_(size + 1) {}

  /// The one whose mean differs most from that of the rest, in standard deviations. Neither it nor
  /// what lies beside it is shorter than a level.
  Stretch best(std::span<const double> values, Kind kind) {
    std::partial_sum(values.begin(), values.end(), sums_.begin() + 1);
    Stretch found;
    for (std::size_t length = shortest_; length + shortest_ <= size_; ++length) {
      const double weight = weight_of(length);
      const auto look_at = [&](std::size_t begin) {
        const double statistic = std::abs(sums_[begin + length] - sums_[begin]) * weight;
        if (statistic > found.statistic) found = {begin, begin + length, statistic};
      };
      look_at(0);
      look_at(size_ - length);
      if (kind == Kind::kStep) continue;
      for (std::size_t begin = shortest_; begin + length + shortest_ <= size_; ++begin) {
        look_at(begin);
      }
    }
    return found;
  }

 private:
  /// One over the standard deviation of the sum of so many values, but for a factor that is the
  /// same for all lengths.
  [[nodiscard]] double weight_of(std::size_t length) const {
    const auto n = static_cast<double>(size_);
    const auto k = static_cast<double>(length);
    return 1 / std::sqrt(k * (n - k) / n);
  }

  std::size_t size_;
  std::size_t shortest_;
  std::vector<double> sums_;
};

void shuffle(std::vector<double>& values, Random& random) {
  for (std::size_t left = values.size(); left > 1; --left) {
    std::swap(values[left - 1], values[random.below(left)]);
  }
}

class Segmentation {
 public:
  Segmentation(std::span<const double> logs, const ChangePointRule& rule, Random& random)
      : logs_(logs),
        rule_(rule),
        random_(random),
        alpha_(rule.alpha / static_cast<double>(std::max<std::size_t>(rule.series_count, 1))) {}

  std::vector<std::size_t> boundaries() {
    divide(0, logs_.size());
    std::ranges::sort(boundaries_);
    while (drop_least()) {
    }
    return boundaries_;
  }

  /// From the level that ends before `boundaries_[i]` to the one that begins there, as a logarithm.
  [[nodiscard]] double change_at(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : boundaries_[i - 1];
    const std::size_t end = i + 1 == boundaries_.size() ? logs_.size() : boundaries_[i + 1];
    const std::size_t at = boundaries_[i];
    return median(logs_.subspan(at, end - at)) - median(logs_.subspan(begin, at - begin));
  }

 private:
  void divide(std::size_t begin, std::size_t end) {
    const auto found = other_level(logs_.subspan(begin, end - begin));
    if (!found) return;
    const std::size_t first = begin + found->begin;
    const std::size_t last = begin + found->end;
    if (first > begin) boundaries_.push_back(first);
    if (last < end) boundaries_.push_back(last);
    divide(begin, first);
    divide(first, last);
    divide(last, end);
  }

  std::optional<Stretch> other_level(std::span<const double> logs) {
    if (logs.size() < 2 * rule_.shortest_level) return std::nullopt;
    // Noise far below what matters must not make much of what does not.
    const double noise = std::max(noise_of(logs), std::log1p(rule_.effect) / 4);
    const std::vector<double> values = clipped(logs, kWild * noise);
    StretchSearch search(logs.size(), rule_.shortest_level);
    std::vector<double> permutation = values;
    for (const Kind kind : {Kind::kStep, Kind::kAnyStretch}) {
      const Stretch found = search.best(values, kind);
      // Each of both questions has half of what one series may err.
      if (is_rare(found.statistic, alpha_ / 2, [&] {
            shuffle(permutation, random_);
            return search.best(permutation, kind).statistic;
          })) {
        return found;
      }
    }
    return std::nullopt;
  }

  /// Whether fewer than `alpha` of all permutations have as large a statistic.
  static bool is_rare(double statistic, double alpha, auto&& permuted) {
    // So many that even a shared alpha is the share of ten of them.
    const auto permutations = static_cast<std::size_t>(std::ceil(10 / alpha));
    const auto most = static_cast<std::size_t>(alpha * static_cast<double>(permutations + 1));
    // The series as it is counts as one of its permutations.
    std::size_t as_much = 1;
    for (std::size_t i = 0; i < permutations; ++i) {
      if (permuted() >= statistic - kRounding) ++as_much;
      if (as_much > most) return false;
    }
    return true;
  }

  /// Takes away the boundary of the smallest change, if that is too small to matter: the levels
  /// beside it become one, and the changes at its ends others.
  bool drop_least() {
    if (boundaries_.empty()) return false;
    std::size_t least = 0;
    for (std::size_t i = 1; i < boundaries_.size(); ++i) {
      if (std::abs(change_at(i)) < std::abs(change_at(least))) least = i;
    }
    if (std::abs(change_at(least)) >= std::log1p(rule_.effect)) return false;
    boundaries_.erase(boundaries_.begin() + static_cast<std::ptrdiff_t>(least));
    return true;
  }

  static constexpr double kRounding = 1e-9;
  /// What lies farther from the median, in standard deviations of the noise, counts as if it lay
  /// there.
  static constexpr double kWild = 4;

  std::span<const double> logs_;
  const ChangePointRule& rule_;
  Random& random_;
  double alpha_;
  std::vector<std::size_t> boundaries_;
};

}  // namespace

std::vector<ChangePoint> find_change_points(std::span<const double> figures,
                                            const ChangePointRule& rule, Random& random) {
  const std::size_t left_out = figures.size() - std::min(figures.size(), rule.most_figures);
  std::vector<double> logs;
  logs.reserve(figures.size() - left_out);
  for (const double figure : figures.subspan(left_out)) logs.push_back(std::log(figure));
  Segmentation segmentation(logs, rule, random);
  const auto boundaries = segmentation.boundaries();
  std::vector<ChangePoint> points;
  points.reserve(boundaries.size());
  for (std::size_t i = 0; i < boundaries.size(); ++i) {
    points.push_back(
        {.at = left_out + boundaries[i], .change = std::expm1(segmentation.change_at(i))});
  }
  return points;
}

}  // namespace framespec::bench
