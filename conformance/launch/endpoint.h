// Where a testee listens, and how to reach it.
#pragma once

#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "launch/unique_fd.h"

namespace framespec::conformance {

/// A stream socket's address. A value.
class Endpoint {
 public:
  /// "HOST:PORT" (HOST a name, an IPv4 address, or an IPv6 address in brackets) or "unix:PATH".
  /// Names are resolved here, once. An error is a sentence for the user.
  [[nodiscard]] static std::expected<Endpoint, std::string> parse(std::string_view text);

  /// The same of a place to listen at: HOST:PORT alone, and the port may be 0, any that is free.
  [[nodiscard]] static std::expected<Endpoint, std::string> parse_to_listen(std::string_view text);

  /// `port` on 127.0.0.1.
  [[nodiscard]] static Endpoint loopback(std::uint16_t port);

  /// As the user wrote it.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] std::uint16_t port() const noexcept;
  /// Of one that is none of a unix socket: as the user wrote it, without brackets.
  [[nodiscard]] std::string host() const;
  [[nodiscard]] bool is_unix() const noexcept { return address_.ss_family == AF_UNIX; }

  struct ConnectError {
    std::string sentence;
    bool is_own_lack = false;  ///< os::is_own_lack(): no fault of whoever was to be reached
  };

  /// A connected socket, non-blocking and closed on exec. Gives up at the deadline, or soon after
  /// `cancelled` (may be null) has become true.
  [[nodiscard]] std::expected<UniqueFd, ConnectError> connect(
      std::chrono::steady_clock::time_point deadline,
      const std::atomic<bool>* cancelled = nullptr) const;

  /// A socket of the same kind that is connected, or is being connected: when poll(2) says that it
  /// can be written, finish_connecting() says what became of it. Does not wait.
  [[nodiscard]] std::expected<UniqueFd, ConnectError> begin_connecting() const;
  [[nodiscard]] std::expected<void, ConnectError> finish_connecting(const UniqueFd& socket) const;

  /// Whether who connects to it, on this machine, comes to where `listening` listens, as far as the
  /// addresses tell.
  [[nodiscard]] bool leads_to(const Endpoint& listening) const noexcept;

  /// A socket that listens there, non-blocking and closed on exec. Port 0 becomes the one that was
  /// given. An error is a sentence.
  [[nodiscard]] std::expected<UniqueFd, std::string> listen();

 private:
  [[nodiscard]] static std::expected<Endpoint, std::string> resolve(std::string_view text,
                                                                    std::uint16_t port_min);
  /// 0 or EINPROGRESS, or why not.
  [[nodiscard]] int start(UniqueFd& socket) const;
  [[nodiscard]] ConnectError failed_to_connect(int error) const;

  sockaddr_storage address_{};
  socklen_t size_ = 0;
  std::string text_;
};

}  // namespace framespec::conformance
