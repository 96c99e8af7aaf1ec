// What any check costs at the least: bytes go to an echo server, and the same come back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <limits>
#include <string>

#include "framespec/bytes.h"
#include "loopback/descriptor.h"

namespace framespec::bench {

/// A connection that proves nothing and waits for nothing but the echo.
class BareConnection {
 public:
  /// To 127.0.0.1, with TCP_NODELAY. The error is a sentence.
  static std::expected<BareConnection, std::string> open(std::uint16_t port);

  /// Sends the bytes, by calls of `segment_size`, and receives as many, which must be the same. The
  /// error is a sentence.
  std::expected<void, std::string> exchange(
      Bytes bytes, std::size_t segment_size = std::numeric_limits<std::size_t>::max());

 private:
  explicit BareConnection(Descriptor socket) : socket_(std::move(socket)) {}

  Descriptor socket_;
};

}  // namespace framespec::bench
