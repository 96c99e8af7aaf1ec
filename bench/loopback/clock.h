// The clock that all latencies are of.
#pragma once

#include <chrono>
#include <cstdint>

namespace framespec::bench {

/// Nanoseconds since some moment, which do not jump.
inline std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace framespec::bench
