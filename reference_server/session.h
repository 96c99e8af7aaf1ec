// One connection, from accept to close.
#pragma once

#include <asio/awaitable.hpp>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "connection_end.h"
#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "framespec/frame_deframer.h"
#include "log.h"
#include "options.h"
#include "peer_watch.h"
#include "reply_writer.h"
#include "service.h"
#include "watchdog.h"

namespace framespec::server {

/// What all sessions of a server share. Everything outlives every session.
struct SessionSetup {
  const Options& options;
  const Dialect& request_dialect;
  const ReplyFormat& reply_format;
  Service& service;
  Log& log;
};

/// Reads requests and has them answered, in order, one segment at a time: while an answer is being
/// written nothing more is read, so a peer that does not read costs one segment, one unfinished
/// frame and one reply (CON-6).
///
/// All calls come from the thread of the socket's executor.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Socket socket, std::uint64_t id, std::string peer, const SessionSetup& setup);

  /// The whole life of the connection; it is closed and logged at the end. Call once.
  asio::awaitable<void> run();

  /// No new request is waited for: what has arrived is answered, then the connection ends (TIM-4).
  void drain();

  /// Ends the connection at once, whatever it is doing.
  void abort();

 private:
  /// A frame of 64 KiB that is there whole is read whole, and need not be put together.
  static constexpr std::size_t kSegmentSizeMax = std::size_t{96} * 1024;
  static constexpr std::size_t kRawRequestSizeMax = std::size_t{64} * 1024;

  using Received = std::expected<Bytes, ConnectionEnd>;

  asio::awaitable<ConnectionEnd> serve();
  asio::awaitable<bool> is_more_to_join();
  asio::awaitable<Received> receive();
  Received receive_what_is_there();
  Received at_end_of_stream();
  asio::awaitable<Outcome> answer_frames(Bytes segment);
  Request request_of(const Frame& frame) const;
  asio::awaitable<void> warn_of_mismatch(const Frame& frame);
  asio::awaitable<Outcome> answer_raw(Bytes segment);
  asio::awaitable<void> close(const ConnectionEnd& end);
  asio::awaitable<void> discard_input();

  void guard_reading();
  void guard_writing(bool waiting);
  bool inside_frame() const noexcept { return !deframer_.at_frame_boundary(); }
  ConnectionEnd failed_transport(const std::string& why) const;
  void log_end(const ConnectionEnd& end);

  Socket socket_;
  const std::uint64_t id_;
  const std::string peer_;
  const SessionSetup& setup_;

  Watchdog watchdog_;
  bool expired_ = false;                    // the watchdog has cut the wait in progress short
  EndKind expiry_ = EndKind::kIdleTimeout;  // what that means for this wait
  bool draining_ = false;
  bool aborted_ = false;
  bool reading_idle_ = false;  // waiting for the first byte of a request
  bool peer_finished_ = false;

  const std::size_t segment_size_max_;
  std::unique_ptr<std::byte[]> segment_;
  FrameDeframer deframer_;
  Watchdog::Clock::time_point frame_deadline_{};  // of the frame that is half read
  ReplyWriter writer_;
  PeerWatch peer_watch_;

  std::uint64_t requests_ = 0;
  std::uint64_t bytes_read_ = 0;
};

}  // namespace framespec::server
