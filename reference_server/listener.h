// A listening socket: TCP over IPv4 or IPv6, or AF_UNIX.
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <system_error>

#include "options.h"
#include "reply_writer.h"

namespace framespec::server {

struct Accepted {
  Socket socket;
  std::string peer;  ///< "127.0.0.1:4711", "[::1]:4711" or "unix"
};

class Listener {
 public:
  Listener() = default;
  virtual ~Listener() = default;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  virtual asio::awaitable<std::expected<Accepted, std::error_code>> accept() = 0;

  /// Takes no more connections; ends accept(). Removes the path of an AF_UNIX socket.
  virtual void close() = 0;

  /// Where it listens: "127.0.0.1:8080", "[::1]:8080" or "unix:/run/x".
  virtual const std::string& where() const noexcept = 0;
  /// The port it got; 0 for AF_UNIX.
  virtual std::uint16_t port() const noexcept = 0;
  /// Whether only this machine can reach it.
  virtual bool is_local() const noexcept = 0;
};

/// Opens a listener. SO_REUSEADDR is set, so connections of an earlier server in TIME_WAIT are no
/// obstacle. The path of an AF_UNIX socket whose server is dead is taken over; a live one's is not.
std::expected<std::unique_ptr<Listener>, Exit> open_listener(const asio::any_io_executor& executor,
                                                             const ListenAddress& address,
                                                             const Options& options);

}  // namespace framespec::server
