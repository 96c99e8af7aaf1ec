// A limit on silence: something must happen within a time, again and again.
#pragma once

#include <asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>

namespace framespec::client {

/// Calls `on_expiry` once when at least one operation is guarded and touch() was not called for
/// `limit`. A limit of zero never expires. Used from one thread.
class Watchdog {
 public:
  Watchdog(const asio::any_io_executor& executor, std::chrono::milliseconds limit,
           std::function<void()> on_expiry);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// Watches for as long as it lives.
  class Guard {
   public:
    explicit Guard(Watchdog& watchdog);
    ~Guard();
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

   private:
    Watchdog& watchdog_;
  };

  /// Something happened: the limit starts anew.
  void touch() noexcept;

  bool expired() const noexcept;

 private:
  struct State;
  std::shared_ptr<State> state_;  // shared with the timer's handler, which may outlive this object
};

}  // namespace framespec::client
