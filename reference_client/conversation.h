// What `send` does: messages go out, replies come in, both at once.
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>

#include "command.h"
#include "framespec/bytes.h"
#include "in_flight.h"
#include "message_source.h"
#include "reply_reader.h"
#include "standard_output.h"

namespace framespec::client {

/// One coroutine writes (send.cc) while the other reads (send_replies.cc), so that a server that
/// answers before it has read everything never waits for us (CON-6 seen from the other side).
class Conversation {
 public:
  /// What they refer to outlives the conversation.
  Conversation(Session session, const SendOptions& send, const asio::any_io_executor& executor);

  /// Until everything was sent and answered, or cannot be.
  asio::awaitable<Result<void>> run();

 private:
  asio::awaitable<Result<void>> write_side();
  asio::awaitable<Result<std::size_t>> fill_batch();
  asio::awaitable<Result<void>> write_messages();

  asio::awaitable<Result<void>> read_side();
  asio::awaitable<Result<void>> read_framed();
  asio::awaitable<Result<void>> read_raw();
  bool nothing_is_due() const noexcept { return in_flight_.empty() && !in_flight_.closed(); }
  bool waits_for_input() const noexcept;
  bool counts_replies() const noexcept {
    return session_.options.reply == Framing::kFramed && !send_.no_reply;
  }
  asio::awaitable<bool> wait_for_server_or_input();
  void say_that_the_server_has_gone();
  Result<void> take_replies();
  Result<void> take_unasked();
  Result<void> take_segment(Bytes segment);
  Result<void> end_line();
  void compare(const Sent& sent, const Frame& reply);

  asio::awaitable<Result<void>> look_behind();
  Result<void> conclude();

  Session session_;
  const SendOptions& send_;
  MessageSource source_;
  InFlight in_flight_;
  ReplyReader replies_;
  StandardOutput output_;
  ByteVector batch_;
  bool line_open_ = false;
  bool server_has_gone_ = false;  // while nothing was due
  std::uint64_t sent_count_ = 0;
  std::uint64_t sent_bytes_ = 0;
  std::uint64_t reply_bytes_ = 0;
  std::uint64_t differing_count_ = 0;
  std::uint64_t behind_bytes_ = 0;  // under --expect-echo
};

}  // namespace framespec::client
