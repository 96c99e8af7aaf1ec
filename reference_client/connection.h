// One connection to a server, over TCP or a Unix socket.
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <chrono>
#include <cstdint>
#include <string>

#include "address.h"
#include "failure.h"
#include "framespec/bytes.h"
#include "watchdog.h"

namespace framespec::client {

struct ConnectionSettings {
  Address address;
  std::chrono::milliseconds connect_timeout{0};  ///< for name and connection; 0: none
  std::chrono::milliseconds silence_limit{0};    ///< while sending or receiving; 0: none
  bool nodelay = true;
};

/// Sends and receives bytes; knows nothing of frames. At most one send() and one receive() may be
/// outstanding at a time, both together if need be. Used from one thread.
class Connection {
 public:
  Connection(const asio::any_io_executor& executor, ConnectionSettings settings);

  /// Looks up the name and tries each of its addresses in turn, all within connect_timeout.
  asio::awaitable<Result<void>> open();

  /// Sends all of `bytes`, which must stay valid until then. A short write is continued (SND-1).
  asio::awaitable<Result<void>> send(Bytes bytes);

  /// The next segment: what one receive gave, valid until the next call. Empty at the end of the
  /// stream.
  asio::awaitable<Result<Bytes>> receive();

  /// Returns once receive() would not wait, without any time limit.
  asio::awaitable<void> wait_readable();

  /// Whether receive() would find bytes at once.
  bool has_bytes() const;

  /// Closes the sending side; the server sees the end of the stream.
  void finish_sending() noexcept;

  /// Whether the end of this process, of whatever kind, resets the connection rather than closes
  /// it. Over TCP a server cannot tell the close of a dead client from the half-close of one that
  /// waits for its reply; over a Unix socket it can, and this has no effect.
  void reset_when_dropped(bool on) noexcept;

  void close() noexcept;

  /// Whether the last failure was that of the limit on silence.
  bool fell_silent() const noexcept { return watchdog_.expired(); }

  std::uint64_t bytes_sent() const noexcept { return bytes_sent_; }
  std::uint64_t bytes_received() const noexcept { return bytes_received_; }
  const std::string& peer() const noexcept { return settings_.address.text; }

 private:
  using Socket = asio::generic::stream_protocol::socket;
  using Endpoint = asio::generic::stream_protocol::endpoint;

  asio::awaitable<Result<std::vector<Endpoint>>> find_endpoints();
  Failure lost(const std::error_code& error, std::string_view doing) const;

  ConnectionSettings settings_;
  Socket socket_;
  Watchdog watchdog_;
  std::vector<std::byte> segment_;
  std::uint64_t bytes_sent_ = 0;
  std::uint64_t bytes_received_ = 0;
};

}  // namespace framespec::client
