// Replies on their way to one connection.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/generic/stream_protocol.hpp>
#include <asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "connection_end.h"
#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "framespec/json_header.h"
#include "options.h"
#include "reply_segmentation.h"

namespace framespec::server {

using Socket = asio::generic::stream_protocol::socket;

/// What a reply looks like on the wire, for all connections of a server.
struct ReplyFormat {
  const Dialect& dialect;
  Framing framing = Framing::kFramed;
  bool cork = false;
  std::optional<ReplySegmentation> segmentation = {};  ///< nothing: as they come

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
/// With a segmentation the fronts of large ones are gathered too, and what was gathered is sent in
/// its segments. Each is a write of its own, ReplySegmentation::kPause after the one before.
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
  asio::awaitable<void> abandon();

  /// Writes what was gathered. To be called before waiting for anything but more requests (TIM-3).
  asio::awaitable<Outcome> flush();

  /// The same before the work of a service, but that replies wait which are to be joined.
  asio::awaitable<Outcome> flush_before_work();

  /// Until when whole replies wait for more of them, as the segmentation joins them; nothing: none
  /// does.
  std::optional<std::chrono::steady_clock::time_point> held_until() const;

 private:
  /// What is streamed waits for its turn with every chunk (CON-2), however much the kernel takes.
  enum class Wait : std::uint8_t { kIfNeeded, kAlways };

  bool is_due_at_end_of_reply();
  asio::awaitable<Outcome> write_in_segments();
  asio::awaitable<Outcome> write_all(Bytes head, Bytes body, Wait wait);
  std::size_t write_at_once(Bytes head, Bytes body, std::error_code& error);
  asio::awaitable<void> pause();
  void set_cork(bool on);

  Socket& socket_;
  const ReplyFormat& format_;
  std::function<void(bool)> on_progress_;
  ByteVector gathered_;
  std::vector<std::uint64_t> reply_ends_;  // in gathered_, with a segmentation
  bool front_is_sent_ = false;             // of the reply that is being streamed, the same
  std::chrono::steady_clock::time_point first_held_{};
  asio::steady_timer next_send_;
  std::uint64_t bytes_written_ = 0;
  bool broken_ = false;
  bool corked_ = false;
};

/// The md5 of `payload`, worked out in slices between which other connections are served (CON-2).
asio::awaitable<std::string> md5_in_slices(Bytes payload);

}  // namespace framespec::server
