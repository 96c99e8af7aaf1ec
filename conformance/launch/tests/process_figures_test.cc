#include "launch/process_figures.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <latch>
#include <thread>
#include <vector>

namespace framespec::conformance {
namespace {

const std::vector<pid_t> kOurselves{getpid()};

TEST(ProcessFigures, HasFigures) {
  EXPECT_GT(memory_of(kOurselves)[getpid()].peak, 0U);
  EXPECT_GE(descriptors_of(kOurselves).value_or(0), 3U);
  EXPECT_GT(processor_time_of(kOurselves).value_or(std::chrono::nanoseconds{0}).count(), 0);
  EXPECT_TRUE(activity_of(kOurselves).is_running);
}

TEST(ProcessFigures, CountsNoAddressSpaceThatNobodyMayTouch) {
  constexpr std::size_t kSize = std::size_t{256} << 20U;
  const ProcessMemories before = memory_of(kOurselves);
  void* const reserved =
      mmap(nullptr, kSize, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  ASSERT_NE(reserved, MAP_FAILED);
  EXPECT_LT(growth_between(before, memory_of(kOurselves)).in_address_space, kSize / 2);
  ASSERT_EQ(mprotect(reserved, kSize, PROT_READ | PROT_WRITE), 0);
  EXPECT_GE(growth_between(before, memory_of(kOurselves)).in_address_space, kSize);
  munmap(reserved, kSize);
}

TEST(ProcessFigures, CountsNoStacksOfThreads) {
  constexpr std::size_t kThreads = 5;
  const ProcessMemories before = memory_of(kOurselves);
  std::latch all_there(kThreads + 1);
  std::latch looked(1);
  std::vector<std::jthread> threads;
  threads.reserve(kThreads);
  for (std::size_t index = 0; index < kThreads; ++index) {
    threads.emplace_back([&] {
      all_there.count_down();
      looked.wait();
    });
  }
  all_there.arrive_and_wait();
  const ProcessMemories after = memory_of(kOurselves);
  looked.count_down();
  EXPECT_LT(growth_between(before, after).in_address_space, std::uint64_t{8} << 20U);
}

TEST(ProcessFigures, CountsNoStacksOfThreadsAsLargeAsTheProcessMayHaveThem) {
  constexpr std::size_t kSize = std::size_t{64} << 20U;
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_STACK, &before), 0);
  const rlimit wide{.rlim_cur = kSize, .rlim_max = before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_STACK, &wide), 0);
  const ProcessMemories memory_before = memory_of(kOurselves);
  // What a thread's stack looks like: a guard, and above it what may be written.
  void* const stack = mmap(nullptr, kSize, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(stack, MAP_FAILED);
  const std::size_t guard = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  ASSERT_EQ(mprotect(static_cast<char*>(stack) + guard, kSize - guard, PROT_READ | PROT_WRITE), 0);
  const std::uint64_t growth =
      growth_between(memory_before, memory_of(kOurselves)).in_address_space;
  ASSERT_EQ(setrlimit(RLIMIT_STACK, &before), 0);
  EXPECT_LT(growth, kSize / 2);
  EXPECT_GE(growth_between(memory_before, memory_of(kOurselves)).in_address_space, kSize / 2)
      << "without that limit it is no stack";
  munmap(stack, kSize);
}

TEST(MemoryGrowth, IsThatOfAllProcessesTogetherAndNoneThatShrinksMakesUpForIt) {
  const ProcessMemories before{{1, {.now = 100, .peak = 150, .resident = 50}},
                               {2, {.now = 40, .peak = 40, .resident = 20}},
                               {3, {.now = 90, .peak = 90, .resident = 70}}};
  const ProcessMemories after{{1, {.now = 110, .peak = 150, .resident = 51}},
                              {2, {.now = 70, .peak = 70, .resident = 60}},
                              {3, {.now = 10, .peak = 90, .resident = 5}}};
  EXPECT_EQ(growth_between(before, after).in_address_space, 40U);
  EXPECT_EQ(growth_between(before, after).in_use, 41U);
  EXPECT_EQ(growth_between(before, after).bytes(), 41U);
  EXPECT_EQ(growth_between(before, before).bytes(), 0U);
}

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20U;

TEST(MemoryGrowth, ShowsWhatWasTakenForAMomentUnlessAnAllocatorMayHaveAlignedAnArena) {
  const ProcessMemories before{{1, {.now = kMebibyte, .peak = kMebibyte}}};
  const ProcessMemories huge{{1, {.now = kMebibyte, .peak = 2049 * kMebibyte}}};
  EXPECT_EQ(growth_between(before, huge).bytes(), 1792 * kMebibyte);
  const ProcessMemories arena{{1, {.now = kMebibyte, .peak = 129 * kMebibyte}}};
  EXPECT_EQ(growth_between(before, arena).bytes(), 0U);
}

TEST(MemoryGrowth, IsNotAnotherProcessOfTheSameSize) {
  const ProcessMemories before{{1, {.now = 100, .peak = 100, .resident = 10}}};
  ProcessMemories after = before;
  after[2] = after[3] = {.now = 90, .peak = 100, .resident = 10};
  EXPECT_EQ(growth_between(before, after).bytes(), 0U);
  after[2].now = 300;
  after[3].now = 400;
  after[3].resident = 20;
  EXPECT_EQ(growth_between(before, after).in_address_space, 500U);
  EXPECT_EQ(growth_between(before, after).in_use, 10U);
}

}  // namespace
}  // namespace framespec::conformance
