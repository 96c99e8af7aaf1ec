// Millions of latencies in little memory, each to a thousandth of itself: a histogram of high
// dynamic range (HDR). Debian 12 has such a library for Java and for Go alone.
#pragma once

#include <cstdint>
#include <vector>

namespace framespec::bench {

/// Counts values in buckets that are as wide as 1/1024 of what lies in them: values below 2048 ns
/// have one each. A record is a shift and an addition.
class LatencyHistogram {
 public:
  /// About 18 minutes; what is longer is counted there.
  static constexpr std::int64_t kLongest_ns = (std::int64_t{1} << 40) - 1;

  LatencyHistogram();

  /// A time below zero is counted as none.
  void record(std::int64_t latency_ns);

  [[nodiscard]] std::int64_t count() const { return count_; }
  /// Exact, as the sum is kept beside the buckets. 0 of none.
  [[nodiscard]] double mean_ns() const;
  /// Exact, up to kLongest_ns. 0 of none.
  [[nodiscard]] std::int64_t max_ns() const { return max_ns_; }

  /// At least `percent` of all latencies, and one of them at least, are not above this: the upper
  /// end of a bucket, so never less than the true one. 0 of none.
  [[nodiscard]] std::int64_t percentile_ns(double percent) const;

 private:
  std::vector<std::int64_t> counts_;
  std::int64_t count_ = 0;
  std::int64_t max_ns_ = 0;
  double sum_ns_ = 0;
};

}  // namespace framespec::bench
