// A blocking client socket and nothing more, so that a test says itself what goes over the wire.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace framespec::server::testing {

/// How a stream ended for us.
enum class StreamEnd : std::uint8_t { kFin, kReset, kStillOpen };

struct RestOfStream {
  std::string bytes;
  StreamEnd end = StreamEnd::kStillOpen;
};

/// Every call gives up after a minute, so that no test hangs.
class PlainSocket {
 public:
  /// Connects to "127.0.0.1:4711", "[::1]:4711" or "unix:/path"; throws std::runtime_error.
  explicit PlainSocket(const std::string& address);
  ~PlainSocket();
  PlainSocket(PlainSocket&& other) noexcept;
  PlainSocket(const PlainSocket&) = delete;
  PlainSocket& operator=(const PlainSocket&) = delete;

  int fd() const { return fd_; }

  /// Sends all of it; false if the peer did not take it.
  bool send(std::string_view bytes);

  /// Sends as much as the kernel takes without waiting: the number of bytes.
  std::size_t send_what_fits(std::string_view bytes);

  /// Exactly `size` bytes; fewer if the stream ended before.
  std::string receive(std::size_t size);

  /// What one receive brings.
  std::string receive_once();

  /// Everything up to the end of the stream.
  RestOfStream receive_rest();

  /// Whether anything, an end too, comes within `milliseconds`.
  bool is_readable_within(int milliseconds);

  void finish_sending();

  /// Closes with a reset instead of a FIN.
  void reset();
  void close();

 private:
  int fd_ = -1;
};

/// `payload` as a frame of the dialects int32 and int64, written down by hand.
std::string int32_frame(std::string_view payload);
std::string int64_frame(std::string_view payload);

}  // namespace framespec::server::testing
