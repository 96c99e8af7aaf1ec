// Framed replies, one after the other, from a connection.
#pragma once

#include <asio/awaitable.hpp>
#include <cstdint>
#include <optional>

#include "connection.h"
#include "console.h"
#include "framespec/frame_deframer.h"
#include "options.h"

namespace framespec::client {

/// Reads whole replies and judges their digests.
class ReplyReader {
 public:
  /// All three must outlive the reader.
  ReplyReader(Connection& connection, const Options& options, const Console& console);

  /// The next reply among the bytes received so far, or nothing; its views are valid until the next
  /// call of take() or receive(). A broken frame, or a wrong digest under --md5 verify, is a
  /// finding.
  Result<std::optional<Frame>> take();

  /// Waits for more bytes; false at the end of a stream that ended between two replies. One that
  /// ended inside a reply is a finding.
  asio::awaitable<Result<bool>> receive();

  /// The next reply, however long it takes; it is a finding if the stream ends before it.
  asio::awaitable<Result<Frame>> next();

  /// Replies taken so far.
  std::uint64_t count() const noexcept { return count_; }

  /// Bytes received that belong to no reply taken so far.
  std::uint64_t bytes_left() const noexcept { return connection_.bytes_received() - taken_up_to_; }

 private:
  Connection& connection_;
  const Options& options_;
  const Console& console_;
  FrameDeframer deframer_;
  Bytes segment_;
  std::uint64_t count_ = 0;
  std::uint64_t taken_up_to_ = 0;
};

}  // namespace framespec::client
