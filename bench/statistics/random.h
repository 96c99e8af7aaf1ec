// Numbers that look random and are the same on every machine for the same seed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

namespace framespec::bench {

/// The distributions of <random> may differ between standard libraries; the engines do not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  /// 0 to `end` - 1, each as likely to within 2^-32; `end` is from 1 to 2^32.
  std::size_t below(std::size_t end) { return ((engine_() >> 32) * end) >> 32; }

  /// From 0 up to but not including 1.
  double fraction() { return static_cast<double>(engine_() >> 11) * 0x1p-53; }

 private:
  std::mt19937_64 engine_;
};

}  // namespace framespec::bench
