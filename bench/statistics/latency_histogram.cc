#include "statistics/latency_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace framespec::bench {
namespace {

// Of each power of two, 1024 buckets.
constexpr int kPrecisionBits = 10;

int shift_of(std::int64_t value) {
  return std::max(0, static_cast<int>(std::bit_width(static_cast<std::uint64_t>(value))) -
                         (kPrecisionBits + 1));
}

/// Each doubling moves on by 1024: its values, shifted, lie between 1024 and 2047.
std::size_t bucket_of(std::int64_t value) {
  const int shift = shift_of(value);
  return static_cast<std::size_t>((std::int64_t{shift} << kPrecisionBits) + (value >> shift));
}

std::int64_t last_value_in(std::size_t bucket) {
  const auto index = static_cast<std::int64_t>(bucket);
  const std::int64_t shift = std::max<std::int64_t>(0, (index >> kPrecisionBits) - 1);
  return ((index - (shift << kPrecisionBits) + 1) << shift) - 1;
}

}  // namespace

LatencyHistogram::LatencyHistogram() : counts_(bucket_of(kLongest_ns) + 1) {}

void LatencyHistogram::record(std::int64_t latency_ns) {
  const std::int64_t value = std::clamp<std::int64_t>(latency_ns, 0, kLongest_ns);
  ++counts_[bucket_of(value)];
  ++count_;
  max_ns_ = std::max(max_ns_, value);
  sum_ns_ += static_cast<double>(value);
}

double LatencyHistogram::mean_ns() const {
  return count_ == 0 ? 0 : sum_ns_ / static_cast<double>(count_);
}

std::int64_t LatencyHistogram::percentile_ns(double percent) const {
  if (count_ == 0) return 0;
  // 99.9 % of 1000 are 999, although 99.9 has no exact double.
  constexpr double kRounding = 1e-6;
  const double rank = percent / 100 * static_cast<double>(count_);
  const auto wanted =
      std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(rank - kRounding)));
  std::int64_t below = 0;
  for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    below += counts_[bucket];
    if (below >= wanted) return std::min(last_value_in(bucket), max_ns_);
  }
  return max_ns_;
}

}  // namespace framespec::bench
