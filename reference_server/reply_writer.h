// Replies on their way to one connection.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "connection_end.h"
#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "framespec/json_header.h"
#include "options.h"

namespace framespec::server {

using Socket = asio::generic::stream_protocol::socket;

/// What a reply looks like on the wire, for all connections of a server.
struct ReplyFormat {
  const Dialect& dialect;
  Framing framing = Framing::kFramed;
  bool cork = false;

  /// Whether a reply carries an md5, and so has to be known whole before its first byte is sent.
  bool has_json_header() const noexcept {
    return framing == Framing::kFramed && dialect.header == HeaderKind::kJson;
  }
};

/// What a reply carries besides its payload; what the format has no place for is left out.
struct ReplyMeta {
  Bytes lead = {};  ///< instead of the dialect's own lead bytes
  std::string_view filename = {};
  std::string_view md5 = {};  ///< of the payload, if it is known; else it is worked out
};

/// Writes replies in order. Small ones are gathered until flush(), so that the answers to requests
/// that came together leave together; at most kGatheredSizeMax bytes wait.
///
/// Every write goes on until all is written (SND-1). After one that failed, or a streamed reply
/// that was left off, nothing more is ever written (SND-2). A reply the dialect cannot express is
/// refused before its first byte (SND-3).
class ReplyWriter {
 public:
  static constexpr std::size_t kGatheredSizeMax = std::size_t{64} * 1024;

  /// `socket` and `format` outlive the writer. `on_progress(true)` is called before each wait for
  /// the peer and whenever it has taken some bytes, `on_progress(false)` when the wait is over.
  ReplyWriter(Socket& socket, const ReplyFormat& format, std::function<void(bool)> on_progress);

  const ReplyFormat& format() const noexcept { return format_; }
  std::uint64_t bytes_written() const noexcept { return bytes_written_; }

  /// One whole reply. `payload` and `meta` must stay valid until the result is there.
  asio::awaitable<Outcome> reply(Bytes payload, ReplyMeta meta);

  /// A reply in pieces: begin(), write() until exactly `header.total_size` bytes are written (in a
  /// dialect without a JSON header too), end().
  asio::awaitable<Outcome> begin(const JsonHeader& header, Bytes lead);
  asio::awaitable<Outcome> write(Bytes chunk);
  asio::awaitable<Outcome> end();

  /// Leaves a streamed reply off for good: nothing more is written on this connection (SND-2).
  void abandon();

  /// Writes what was gathered. To be called before waiting for anything but the socket (TIM-3).
  asio::awaitable<Outcome> flush();

 private:
  asio::awaitable<Outcome> write_all(Bytes head, Bytes body);
  void set_cork(bool on);

  Socket& socket_;
  const ReplyFormat& format_;
  std::function<void(bool)> on_progress_;
  ByteVector gathered_;
  std::uint64_t bytes_written_ = 0;
  bool broken_ = false;
  bool corked_ = false;
};

/// The md5 of `payload`, worked out in slices between which other connections are served (CON-2).
asio::awaitable<std::string> md5_in_slices(Bytes payload);

}  // namespace framespec::server
