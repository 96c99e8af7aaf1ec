// One connection of a load: frames go out, their echoes come back.
#pragma once

#include <cstdint>
#include <deque>
#include <expected>
#include <functional>
#include <span>
#include <string>

#include "framespec/bytes.h"
#include "loopback/descriptor.h"
#include "loopback/echo_frame.h"

namespace framespec::bench {

/// Told of a frame that has come back whole: since when its time counts, and when it came.
using EchoHandler = std::function<void(std::int64_t since_ns, std::int64_t came_ns)>;

class EchoConnection {
 public:
  /// Connects to 127.0.0.1, with TCP_NODELAY, and does not block from then on. `number` stands on
  /// its frames; `frame` outlives it. The error is a sentence.
  static std::expected<EchoConnection, std::string> open(std::uint16_t port, std::uint32_t number,
                                                         const EchoFrame& frame);

  [[nodiscard]] int descriptor() const { return socket_.get(); }

  /// One frame more to send; `since_ns` is when its time begins to count.
  void queue(std::int64_t since_ns);

  /// Sends what is queued, each frame by a call of its own, as far as the socket takes it.
  std::expected<void, std::string> send();
  [[nodiscard]] bool has_unsent() const { return sent_count_ < queued_count_; }

  /// Takes what has come, by one call, and compares it byte for byte with what was sent. It is an
  /// error, and a sentence, if a byte differs, if more comes than was sent, or if the stream ends
  /// while echoes are due.
  std::expected<void, std::string> receive(std::span<std::byte> buffer, const EchoHandler& on_echo);

  /// Nothing more will be sent; the peer is to close then.
  void finish();
  [[nodiscard]] bool is_closed() const { return is_closed_; }

 private:
  EchoConnection(Descriptor socket, std::uint32_t number, const EchoFrame& frame)
      : socket_(std::move(socket)), number_(number), frame_(&frame) {}

  [[nodiscard]] std::string told(const std::string& what) const;

  Descriptor socket_;
  std::uint32_t number_;
  const EchoFrame* frame_;
  std::deque<std::int64_t> since_ns_;  // of the frames whose echo is due
  std::uint32_t queued_count_ = 0;
  std::uint32_t sent_count_ = 0;
  std::size_t sent_size_ = 0;  // of the frame that is being sent
  std::uint32_t echo_count_ = 0;
  std::size_t echo_size_ = 0;  // of the echo that is being received
  bool is_closed_ = false;
};

}  // namespace framespec::bench
