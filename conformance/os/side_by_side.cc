#include "os/side_by_side.h"

#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <exception>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "os/diag_socket.h"
#include "os/fiber.h"

namespace framespec::os {
namespace {

using Clock = std::chrono::steady_clock;

timespec to_timespec(std::chrono::nanoseconds time) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time);
  return {static_cast<time_t>(seconds.count()), static_cast<long>((time - seconds).count())};
}

/// Tasks in lanes: a lane carries out one task after the other. In each round every lane that can
/// go on does so until it waits; then what all of them ask is asked, and what all wait for is
/// polled for, at once.
class Lanes {
 public:
  Lanes(std::size_t at_once, std::span<const std::function<void()>> tasks) : tasks_(tasks) {
    lanes_.resize(std::min(at_once, tasks.size()));
    for (Lane& lane : lanes_) {
      lane.fiber = std::make_unique<Fiber>([this] {
        while (next_ < tasks_.size()) carry_out(tasks_[next_++]);
      });
    }
  }

  void run() {
    while (std::ranges::any_of(lanes_, [](const Lane& lane) { return lane.state != kEnded; })) {
      go_on(kReady);
      if (has_any(kGivingWay)) {
        ::sched_yield();
        go_on(kGivingWay);
      }
      ask_all();
      poll_all();
    }
    if (thrown_) std::rethrow_exception(thrown_);
  }

  int wait_for(std::span<pollfd> entries, std::chrono::nanoseconds at_most) {
    Lane& lane = *current_;
    lane.entries = entries;
    lane.until = Clock::now() + at_most;
    suspend(kPolling);
    return lane.ready;
  }

  void give_way() { suspend(kGivingWay); }

  void ask(DiagQuestion& question) {
    current_->question = &question;
    suspend(kAsking);
  }

 private:
  enum State : std::uint8_t { kReady, kGivingWay, kAsking, kPolling, kEnded };

  struct Lane {
    std::unique_ptr<Fiber> fiber;
    State state = kReady;
    std::span<pollfd> entries;  ///< of kPolling, until when
    Clock::time_point until;
    int ready = 0;  ///< what came of it
    DiagQuestion* question = nullptr;
  };

  void carry_out(const std::function<void()>& task) noexcept {
    try {
      task();
    } catch (...) {
      if (!thrown_) thrown_ = std::current_exception();
    }
  }

  [[nodiscard]] bool has_any(State state) const {
    return std::ranges::find(lanes_, state, &Lane::state) != lanes_.end();
  }

  void go_on(State state) {
    for (Lane& lane : lanes_) {
      if (lane.state != state) continue;
      lane.state = kReady;
      current_ = &lane;
      lane.fiber->resume();
      current_ = nullptr;
      if (lane.fiber->has_ended()) lane.state = kEnded;
    }
  }

  void suspend(State state) {
    current_->state = state;
    current_->fiber->suspend();
  }

  void ask_all() {
    questions_.clear();
    for (Lane& lane : lanes_) {
      if (lane.state != kAsking) continue;
      questions_.push_back(lane.question);
      lane.state = kReady;
    }
    if (questions_.empty()) return;
    if (!diag_) diag_.emplace(DiagSocket::open());
    if (*diag_) {
      (*diag_)->ask_all(questions_);
    } else {
      for (DiagQuestion* const question : questions_) question->answer = std::unexpected(ENOBUFS);
    }
  }

  void poll_all() {
    entries_.clear();
    auto until = Clock::time_point::max();
    for (const Lane& lane : lanes_) {
      if (lane.state != kPolling) continue;
      entries_.insert(entries_.end(), lane.entries.begin(), lane.entries.end());
      until = std::min(until, lane.until);
    }
    if (until == Clock::time_point::max()) return;
    const auto now = Clock::now();
    const bool is_idle = !has_any(kReady) && !has_any(kGivingWay);
    const timespec time =
        to_timespec(is_idle && until > now ? until - now : Clock::duration::zero());
    if (::ppoll(entries_.data(), entries_.size(), &time, nullptr) < 0) {
      // Interrupted: whoever waits looks whether it was to.
      for (pollfd& entry : entries_) entry.revents = 0;
    }
    wake(Clock::now());
  }

  void wake(Clock::time_point now) {
    auto polled = entries_.cbegin();
    for (Lane& lane : lanes_) {
      if (lane.state != kPolling) continue;
      lane.ready = 0;
      for (pollfd& entry : lane.entries) {
        entry.revents = (polled++)->revents;
        if (entry.revents != 0) ++lane.ready;
      }
      if (lane.ready > 0 || now >= lane.until) lane.state = kReady;
    }
  }

  std::span<const std::function<void()>> tasks_;
  std::size_t next_ = 0;
  std::exception_ptr thrown_;
  std::vector<Lane> lanes_;
  Lane* current_ = nullptr;
  std::vector<pollfd> entries_;
  std::vector<DiagQuestion*> questions_;
  std::optional<std::expected<DiagSocket, std::string>> diag_;
};

// Of this thread; null outside of tasks.
thread_local Lanes* lanes_here = nullptr;

struct Here {
  explicit Here(Lanes& lanes) noexcept { lanes_here = &lanes; }
  ~Here() { lanes_here = nullptr; }
  Here(const Here&) = delete;
  Here& operator=(const Here&) = delete;
};

}  // namespace

void run_side_by_side(std::size_t at_once, std::span<const std::function<void()>> tasks) {
  Lanes lanes(at_once, tasks);
  const Here here(lanes);
  lanes.run();
}

int wait_for(std::span<pollfd> entries, std::chrono::nanoseconds at_most) {
  if (lanes_here != nullptr) return lanes_here->wait_for(entries, at_most);
  const timespec time = to_timespec(std::max(at_most, std::chrono::nanoseconds::zero()));
  return ::ppoll(entries.data(), entries.size(), &time, nullptr);
}

void give_way() {
  if (lanes_here != nullptr) {
    lanes_here->give_way();
  } else {
    ::sched_yield();
  }
}

bool ask_together(DiagQuestion& question) {
  if (lanes_here == nullptr) return false;
  lanes_here->ask(question);
  return true;
}

}  // namespace framespec::os
