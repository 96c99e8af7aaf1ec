// What was sent and is not yet answered, between the coroutine that writes and the one that reads.
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/steady_timer.hpp>
#include <cstddef>
#include <deque>
#include <string>

namespace framespec::client {

/// What has to be known of a message until its reply has come.
struct Sent {
  std::string what;
  std::string filename;
  std::string payload;  ///< kept only where the reply is compared with it
};

/// A queue with a limit. Both sides run on one thread; a waiter looks again after every change().
class InFlight {
 public:
  InFlight(const asio::any_io_executor& executor, std::size_t count_max)
      : changed_(executor, asio::steady_timer::time_point::max()), count_max_(count_max) {}

  /// Below the limit of messages, and below the one of bytes unless nothing at all is in flight.
  bool has_room() const noexcept;

  bool empty() const noexcept { return sent_.empty(); }
  std::size_t size() const noexcept { return sent_.size(); }

  void push(Sent sent);
  Sent pop();
  void clear();

  /// Nothing more will be sent.
  void close();
  bool closed() const noexcept { return closed_; }

  /// Returns after the next push(), pop(), clear() or close().
  asio::awaitable<void> change();

 private:
  asio::steady_timer changed_;  // never fires; cancelling it wakes those who wait
  std::deque<Sent> sent_;
  std::size_t bytes_ = 0;
  std::size_t count_max_;
  bool closed_ = false;
};

}  // namespace framespec::client
