#include "connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <asio/buffer.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <cerrno>
#include <utility>
#include <vector>

#include "name_lookup.h"

namespace framespec::client {

namespace {

// Large enough that a fast transfer is bound by the kernel, small beside any memory limit.
constexpr std::size_t kSegmentSizeMax = std::size_t{256} * 1024;

double seconds(std::chrono::milliseconds duration) {
  return static_cast<double>(duration.count()) / 1000.0;
}

using Clock = std::chrono::steady_clock;

// Of a limit that includes what has been done since; never 0, which would be no limit.
std::chrono::milliseconds time_left(std::chrono::milliseconds limit, Clock::time_point since) {
  using std::chrono::milliseconds;
  if (limit == milliseconds::zero()) return limit;
  const auto used = std::chrono::floor<milliseconds>(Clock::now() - since);
  return std::max(limit - used, milliseconds(1));
}

std::string_view advice_for(const std::error_code& error) {
  if (error == asio::error::connection_refused) return "; is a server listening there?";
  // By value: Asio's category does not take part in comparisons with std::errc.
  if (error.value() == ENOENT) return "; there is no such socket";
  if (error.value() == EACCES) return "; may this user write to that socket?";
  return "";
}

}  // namespace

Connection::Connection(const asio::any_io_executor& executor, ConnectionSettings settings)
    : settings_(std::move(settings)),
      socket_(executor),
      watchdog_(executor, settings_.silence_limit, [this] { socket_.cancel(); }),
      segment_(kSegmentSizeMax) {}

asio::awaitable<Result<std::vector<Connection::Endpoint>>> Connection::find_endpoints() {
  std::vector<Endpoint> endpoints;
  if (settings_.address.is_unix()) {
    endpoints.emplace_back(asio::local::stream_protocol::endpoint(settings_.address.path));
    co_return endpoints;
  }
  const auto found = co_await look_up(settings_.address.host, settings_.address.port,
                                      settings_.connect_timeout, ask_system);
  if (!found) {
    co_return unable(fmt::format("cannot find the host of '{}': {}", peer(), found.error()));
  }
  endpoints.assign(found->begin(), found->end());
  co_return endpoints;
}

asio::awaitable<Result<void>> Connection::open() {
  const Clock::time_point started_at = Clock::now();
  auto endpoints = co_await find_endpoints();
  if (!endpoints) co_return std::unexpected(endpoints.error());

  std::error_code error;
  Watchdog limit(socket_.get_executor(), time_left(settings_.connect_timeout, started_at),
                 [this] { socket_.close(); });
  const Watchdog::Guard guard(limit);
  for (const Endpoint& endpoint : *endpoints) {
    if (socket_.is_open()) socket_.close();
    socket_.open(endpoint.protocol(), error);
    if (error) continue;
    co_await socket_.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
    if (!error || limit.expired()) break;
  }
  if (limit.expired()) {
    co_return unable(fmt::format("{} did not take the connection within {} s (--connect-timeout)",
                                 peer(), seconds(settings_.connect_timeout)));
  }
  if (error) {
    co_return unable(
        fmt::format("cannot connect to {}: {}{}", peer(), error.message(), advice_for(error)));
  }
  if (!settings_.address.is_unix()) {
    std::error_code ignored;  // a server that has already reset is found out by the first send
    socket_.set_option(asio::ip::tcp::no_delay(settings_.nodelay), ignored);
  }
  co_return Result<void>{};
}

asio::awaitable<Result<void>> Connection::send(Bytes bytes) {
  const Watchdog::Guard guard(watchdog_);
  while (!bytes.empty()) {
    std::error_code error;
    const std::size_t taken = co_await socket_.async_write_some(
        asio::buffer(bytes.data(), bytes.size()), asio::redirect_error(asio::use_awaitable, error));
    bytes_sent_ += taken;
    bytes = bytes.subspan(taken);
    watchdog_.touch();
    if (error) co_return std::unexpected(lost(error, "sending"));
  }
  co_return Result<void>{};
}

asio::awaitable<Result<Bytes>> Connection::receive() {
  const Watchdog::Guard guard(watchdog_);
  std::error_code error;
  const std::size_t size =
      co_await socket_.async_read_some(asio::buffer(segment_.data(), segment_.size()),
                                       asio::redirect_error(asio::use_awaitable, error));
  watchdog_.touch();
  bytes_received_ += size;
  if (error == asio::error::eof) co_return Bytes{};
  if (error) co_return std::unexpected(lost(error, "waiting for a reply"));
  co_return Bytes(segment_.data(), size);
}

asio::awaitable<void> Connection::wait_readable() {
  // Whatever is wrong with the socket, the next receive() says it better.
  std::error_code ignored;
  co_await socket_.async_wait(Socket::wait_read,
                              asio::redirect_error(asio::use_awaitable, ignored));
}

bool Connection::has_bytes() const {
  std::error_code error;
  return socket_.available(error) > 0 && !error;
}

void Connection::finish_sending() noexcept {
  std::error_code ignored;  // a peer that is gone needs no end of stream any more
  socket_.shutdown(Socket::shutdown_send, ignored);
}

void Connection::reset_when_dropped(bool on) noexcept {
  std::error_code ignored;  // of a Unix socket
  socket_.set_option(Socket::linger(on, 0), ignored);
}

void Connection::close() noexcept {
  std::error_code ignored;
  socket_.close(ignored);
}

Failure Connection::lost(const std::error_code& error, std::string_view doing) const {
  if (watchdog_.expired()) {
    return {ExitCode::kUnable,
            fmt::format("nothing came from {} for {} s while {}, after {} bytes received "
                        "(--timeout sets the limit, 0 is none)",
                        peer(), seconds(settings_.silence_limit), doing, bytes_received_)};
  }
  return {
      ExitCode::kUnable,
      fmt::format("the connection to {} was lost while {}, after {} bytes sent and {} received: {}",
                  peer(), doing, bytes_sent_, bytes_received_, error.message())};
}

}  // namespace framespec::client
