#include "watchdog.h"

#include <asio/steady_timer.hpp>
#include <optional>
#include <utility>

namespace framespec::client {

using Clock = std::chrono::steady_clock;

struct Watchdog::State : std::enable_shared_from_this<Watchdog::State> {
  State(const asio::any_io_executor& executor, std::chrono::milliseconds silence_limit,
        std::function<void()> callback)
      : timer(executor), limit(silence_limit), on_expiry(std::move(callback)) {}

  // One timer that is re-armed only when it fires: touching costs no more than reading the clock.
  void wait() {
    waiting = true;
    timer->expires_at(deadline);
    timer->async_wait([self = shared_from_this()](const std::error_code& error) {
      self->waiting = false;
      if (error || self->guards == 0 || self->expired) return;
      if (Clock::now() < self->deadline) {
        self->wait();
        return;
      }
      self->expired = true;
      self->on_expiry();
    });
  }

  std::optional<asio::steady_timer> timer;  // none once nobody watches any more
  std::chrono::milliseconds limit;
  std::function<void()> on_expiry;
  Clock::time_point deadline;
  int guards = 0;
  bool waiting = false;
  bool expired = false;
};

Watchdog::Watchdog(const asio::any_io_executor& executor, std::chrono::milliseconds limit,
                   std::function<void()> on_expiry)
    : state_(std::make_shared<State>(executor, limit, std::move(on_expiry))) {}

Watchdog::~Watchdog() {
  state_->guards = 0;  // a handler that is already queued must not call back
  state_->timer.reset();
}

void Watchdog::touch() noexcept { state_->deadline = Clock::now() + state_->limit; }

bool Watchdog::expired() const noexcept { return state_->expired; }

Watchdog::Guard::Guard(Watchdog& watchdog) : watchdog_(watchdog) {
  State& state = *watchdog.state_;
  if (state.limit <= std::chrono::milliseconds::zero()) return;
  // A second operation does not give a first one more time.
  if (++state.guards > 1) return;
  watchdog.touch();
  if (!state.waiting) state.wait();
}

Watchdog::Guard::~Guard() {
  State& state = *watchdog_.state_;
  if (state.guards > 0) --state.guards;
}

}  // namespace framespec::client
