#include "launch/process_figures.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
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
  EXPECT_LT(largest_virtual_growth(before, memory_of(kOurselves)).bytes(), kSize / 2);
  ASSERT_EQ(mprotect(reserved, kSize, PROT_READ | PROT_WRITE), 0);
  EXPECT_GE(largest_virtual_growth(before, memory_of(kOurselves)).bytes(), kSize);
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
  EXPECT_LT(largest_virtual_growth(before, after).bytes(), std::uint64_t{8} << 20U);
}

TEST(MemoryGrowth, IsThatOfOneProcess) {
  const ProcessMemories before{{1, {.now = 100, .peak = 150}}, {2, {.now = 40, .peak = 40}}};
  const ProcessMemories after{{1, {.now = 110, .peak = 150}}, {2, {.now = 70, .peak = 70}}};
  EXPECT_EQ(largest_virtual_growth(before, after).bytes(), 30U);
  EXPECT_EQ(largest_virtual_growth(before, before).bytes(), 0U);
}

TEST(MemoryGrowth, ShowsWhatWasTakenForAMoment) {
  const ProcessMemories before{{1, {.now = 100, .peak = 100}}};
  const ProcessMemories after{{1, {.now = 100, .peak = 900}}};
  EXPECT_EQ(largest_virtual_growth(before, after).bytes(), 800U);
}

TEST(MemoryGrowth, IsNotAnotherProcessOfTheSameSize) {
  const ProcessMemories before{{1, {.now = 100, .peak = 100}}};
  ProcessMemories after = before;
  after[2] = after[3] = {.now = 90, .peak = 100};
  EXPECT_EQ(largest_virtual_growth(before, after).bytes(), 0U);
  after[3].peak = 400;
  EXPECT_EQ(largest_virtual_growth(before, after).bytes(), 300U);
}

TEST(LargestResidentGrowth, IsThatOfOneProcessAndANewOneStartsFromTheLargest) {
  const ProcessMemories before{{1, {.now = 0, .peak = 0, .resident = 100}}};
  const ProcessMemories after{{1, {.now = 0, .peak = 0, .resident = 130}},
                              {2, {.now = 0, .peak = 0, .resident = 120}}};
  EXPECT_EQ(largest_resident_growth(before, after).bytes(), 30U);
  EXPECT_EQ(largest_resident_growth(before, before).bytes(), 0U);
}

}  // namespace
}  // namespace framespec::conformance
