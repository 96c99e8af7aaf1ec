// A deadline that is moved often and rarely reached.
#pragma once

#include <asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>

namespace framespec::server {

/// Calls back when a deadline passes. Moving the deadline costs an assignment: the timer below is
/// left to run and looks at the deadline when it wakes.
///
/// The callback runs on the executor, at most once for each set(), and never after the watchdog has
/// been destroyed.
class Watchdog {
 public:
  using Clock = std::chrono::steady_clock;

  Watchdog(const asio::any_io_executor& executor, std::function<void()> on_expiry);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// From now on the deadline is this one alone.
  void set(Clock::time_point deadline);
  void clear() noexcept;

 private:
  struct State;
  std::shared_ptr<State> state_;  // a timer handler that is still queued finds it gone
};

}  // namespace framespec::server
