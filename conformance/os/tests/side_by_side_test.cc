#include "os/side_by_side.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>
#include <vector>

namespace framespec::os {
namespace {

using namespace std::chrono_literals;
using Tasks = std::vector<std::function<void()>>;

constexpr auto kLong = 60s;

/// Both ends of a connection, closed with the object.
class Pair {
 public:
  Pair() { EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_.data()), 0); }
  ~Pair() {
    for (const int end : ends_) ::close(end);
  }
  Pair(const Pair&) = delete;
  Pair& operator=(const Pair&) = delete;

  void write(std::size_t end) { EXPECT_EQ(::write(ends_.at(end), "x", 1), 1); }
  /// Waits for a byte; how many descriptors were ready.
  int await(std::size_t end, std::chrono::nanoseconds at_most = kLong) {
    std::array<pollfd, 2> entries{{{.fd = -1, .events = POLLIN, .revents = 0},
                                   {.fd = ends_.at(end), .events = POLLIN, .revents = 0}}};
    const int ready = wait_for(entries, at_most);
    EXPECT_EQ(entries[1].revents, ready > 0 ? POLLIN : 0);
    char byte = 0;
    if (ready > 0) {
      EXPECT_EQ(::read(ends_.at(end), &byte, 1), 1);
    }
    return ready;
  }

 private:
  std::array<int, 2> ends_{-1, -1};
};

TEST(SideBySide, TasksTalkToEachOther) {
  constexpr int kTurns = 100;
  Pair pair;
  int answers = 0;
  const Tasks tasks{[&] {
                      for (int turn = 0; turn < kTurns; ++turn) {
                        pair.write(0);
                        answers += pair.await(0);
                      }
                    },
                    [&] {
                      for (int turn = 0; turn < kTurns; ++turn) {
                        EXPECT_EQ(pair.await(1), 1);
                        pair.write(1);
                      }
                    }};
  run_side_by_side(2, tasks);
  EXPECT_EQ(answers, kTurns);
}

TEST(SideBySide, AtMostSoManyAreBegunAndInTheirOrder) {
  std::vector<int> begun;
  int under_way = 0;
  int most = 0;
  Tasks tasks;
  tasks.reserve(10);
  for (int task = 0; task < 10; ++task) {
    tasks.emplace_back([&, task] {
      begun.push_back(task);
      most = std::max(most, ++under_way);
      for (int turn = task; turn < 10; ++turn) give_way();
      --under_way;
    });
  }
  run_side_by_side(3, tasks);
  EXPECT_EQ(begun, (std::vector<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(most, 3);
}

TEST(SideBySide, AWaitThatIsInVainEnds) {
  Pair pair;
  int ready = -1;
  auto waited = 0ns;
  const Tasks tasks{[&] {
    const auto start = std::chrono::steady_clock::now();
    ready = pair.await(0, 5ms);
    waited = std::chrono::steady_clock::now() - start;
  }};
  run_side_by_side(1, tasks);
  EXPECT_EQ(ready, 0);
  EXPECT_GE(waited, 5ms);
}

TEST(SideBySide, WhatATaskThrowsComesOutWhenTheOthersHaveEnded) {
  int ended = 0;
  const Tasks tasks{[&] {
                      give_way();
                      throw std::runtime_error("the second one");
                    },
                    [] { throw std::runtime_error("the first one"); },
                    [&] {
                      for (int turn = 0; turn < 10; ++turn) give_way();
                      ++ended;
                    },
                    [&] { ++ended; }};
  try {
    run_side_by_side(2, tasks);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const std::runtime_error& thrown) {
    EXPECT_STREQ(thrown.what(), "the first one");
  }
  EXPECT_EQ(ended, 2);
}

TEST(SideBySide, OutsideOfATaskAWaitIsThatOfTheThread) {
  Pair pair;
  give_way();
  EXPECT_EQ(pair.await(0, 0ns), 0);
  pair.write(1);
  EXPECT_EQ(pair.await(0), 1);
}

TEST(SideBySide, NothingToDoIsDoneAtOnce) { run_side_by_side(4, {}); }

}  // namespace
}  // namespace framespec::os
