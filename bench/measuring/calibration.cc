#include "measuring/calibration.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <random>
#include <utility>
#include <vector>

namespace framespec::bench {
namespace {

constexpr int kMeasurements = 7;

double processor_time_ns() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

/// The optimiser must take the value for used, and for one that it cannot know.
template <class Value>
void keep(Value& value) {
  asm volatile("" : "+r"(value) : : "memory");
}

/// `work` does `count` of what is measured.
double median_time_ns(std::size_t count, auto&& work) {
  std::array<double, kMeasurements> times{};
  work();
  for (double& time : times) {
    const double begin = processor_time_ns();
    work();
    time = (processor_time_ns() - begin) / static_cast<double>(count);
  }
  std::ranges::sort(times);
  return times[kMeasurements / 2];
}

double arithmetic() {
  constexpr std::size_t kSteps = 2'000'000;
  std::uint64_t state = 1;
  return median_time_ns(kSteps, [&] {
    for (std::size_t i = 0; i < kSteps; ++i) {
      state = state * 6364136223846793005U + 1;
      keep(state);
    }
  });
}

double memory() {
  constexpr std::size_t kPlaces = (std::size_t{16} << 20) / sizeof(std::uint32_t);
  constexpr std::size_t kLoads = 50'000;
  // One cycle through all places (Sattolo), so that no walk stays in a cache.
  std::vector<std::uint32_t> next(kPlaces);
  for (std::size_t i = 0; i < kPlaces; ++i) next[i] = static_cast<std::uint32_t>(i);
  std::minstd_rand engine(1);
  for (std::size_t i = kPlaces - 1; i > 0; --i) std::swap(next[i], next[engine() % i]);
  std::uint32_t at = 0;
  return median_time_ns(kLoads, [&] {
    for (std::size_t i = 0; i < kLoads; ++i) at = next[at];
    keep(at);
  });
}

double copy() {
  constexpr std::size_t kBytes = 16384;
  constexpr std::size_t kCopies = 20'000;
  const std::vector<char> from(kBytes, 'x');
  std::vector<char> to(kBytes);
  return median_time_ns(kCopies * kBytes / 1024, [&] {
    for (std::size_t i = 0; i < kCopies; ++i) {
      std::memcpy(to.data(), from.data(), kBytes);
      char* const written = to.data();
      asm volatile("" : : "r"(written) : "memory");
    }
  });
}

}  // namespace

Calibration calibrate() {
  return {.arithmetic_ns = arithmetic(), .memory_ns = memory(), .copy_ns = copy()};
}

}  // namespace framespec::bench
