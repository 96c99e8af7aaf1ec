#include "watchdog.h"

#include <asio/steady_timer.hpp>
#include <system_error>
#include <utility>

namespace framespec::server {

struct Watchdog::State : std::enable_shared_from_this<State> {
  State(const asio::any_io_executor& executor, std::function<void()> callback)
      : timer(executor), on_expiry(std::move(callback)) {}

  void wait_until(Clock::time_point when) {
    wakes_at = when;
    timer.expires_at(when);
    timer.async_wait([self = weak_from_this()](std::error_code error) {
      // An aborted wait was replaced by an earlier one, which now speaks for the watchdog.
      if (const auto state = self.lock(); state && !error) state->wake();
    });
  }

  void wake() {
    wakes_at = Clock::time_point::max();
    if (deadline == Clock::time_point::max()) return;
    if (Clock::now() < deadline) {
      wait_until(deadline);
      return;
    }
    deadline = Clock::time_point::max();
    if (on_expiry) on_expiry();
  }

  asio::steady_timer timer;
  std::function<void()> on_expiry;
  Clock::time_point deadline = Clock::time_point::max();
  Clock::time_point wakes_at = Clock::time_point::max();
};

Watchdog::Watchdog(const asio::any_io_executor& executor, std::function<void()> on_expiry)
    : state_(std::make_shared<State>(executor, std::move(on_expiry))) {}

Watchdog::~Watchdog() = default;

void Watchdog::set(Clock::time_point deadline) {
  state_->deadline = deadline;
  if (deadline < state_->wakes_at) state_->wait_until(deadline);
}

void Watchdog::clear() noexcept { state_->deadline = Clock::time_point::max(); }

}  // namespace framespec::server
