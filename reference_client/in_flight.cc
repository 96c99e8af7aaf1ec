#include "in_flight.h"

#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <utility>

namespace framespec::client {

namespace {

constexpr std::size_t kBytesMax = std::size_t{8} * 1024 * 1024;

}  // namespace

bool InFlight::has_room() const noexcept {
  return sent_.empty() || (sent_.size() < count_max_ && bytes_ < kBytesMax);
}

void InFlight::push(Sent sent) {
  bytes_ += sent.payload.size();
  sent_.push_back(std::move(sent));
  changed_.cancel();
}

Sent InFlight::pop() {
  Sent first = std::move(sent_.front());
  sent_.pop_front();
  bytes_ -= first.payload.size();
  changed_.cancel();
  return first;
}

void InFlight::clear() {
  sent_.clear();
  bytes_ = 0;
  changed_.cancel();
}

void InFlight::close() {
  closed_ = true;
  changed_.cancel();
}

asio::awaitable<void> InFlight::change() {
  std::error_code ignored;  // being cancelled is how a change is told
  co_await changed_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

}  // namespace framespec::client
