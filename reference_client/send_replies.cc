// The side of a conversation that reads.
#include <fmt/format.h>

#include <algorithm>
#include <asio/experimental/awaitable_operators.hpp>
#include <utility>

#include "conversation.h"
#include "reply_format.h"

namespace framespec::client {

asio::awaitable<Result<void>> Conversation::read_side() {
  const bool raw = session_.options.reply == Framing::kRaw || send_.no_reply;
  Result<void> read;
  if (raw) {
    read = co_await read_raw();
  } else {
    read = co_await read_framed();
  }
  if (!read) {
    // Whatever the other coroutine waits for must end now.
    session_.connection.close();
    source_.cancel();
    in_flight_.clear();
    in_flight_.close();
  }
  co_return read;
}

Result<void> Conversation::take_replies() {
  while (!in_flight_.empty()) {
    auto reply = replies_.take();
    if (!reply) {
      [[maybe_unused]] const auto shown = output_.flush();
      return std::unexpected(reply.error());
    }
    if (!*reply) break;
    const Sent sent = in_flight_.pop();
    reply_bytes_ += (*reply)->payload.size();
    if (send_.expect_echo) compare(sent, **reply);
    auto written = output_.write(format_reply(send_.output, replies_.count(), **reply));
    if (!written) return written;
  }
  return output_.flush();
}

// Whether the next message has to be typed first. One that is at hand will be sent at once, and
// what comes is then its reply.
bool Conversation::waits_for_input() const noexcept {
  return in_flight_.empty() && !in_flight_.closed() && (send_.no_reply || !source_.ready());
}

// The user may think as long as he likes: no time limit holds here. Whether the server has said
// something or has gone meanwhile; if not, something was sent or nothing more will be.
asio::awaitable<bool> Conversation::wait_for_server_or_input() {
  using asio::experimental::awaitable_operators::operator||;
  if (server_has_gone_ || !waits_for_input()) {
    co_await in_flight_.change();
    co_return false;
  }
  const auto first = co_await (session_.connection.wait_readable() || in_flight_.change());
  co_return first.index() == 0;
}

// No failure yet: if the input ends now, everything in it was answered.
void Conversation::say_that_the_server_has_gone() {
  server_has_gone_ = true;
  if (send_.no_reply) return;
  session_.console.warning(fmt::format("{} has closed the connection and will answer nothing more",
                                       session_.connection.peer()));
}

// Each frame that came while nothing was due answers nothing.
Result<void> Conversation::take_unasked() {
  while (waits_for_input()) {
    auto reply = replies_.take();
    if (!reply) return std::unexpected(reply.error());
    if (!*reply) break;
    session_.console.warning(
        fmt::format("reply {} came when nothing had been asked for", replies_.count()));
    reply_bytes_ += (*reply)->payload.size();
    if (send_.expect_echo) ++differing_count_;
    auto written = output_.write(format_reply(send_.output, replies_.count(), **reply));
    if (!written) return written;
  }
  return output_.flush();
}

asio::awaitable<Result<void>> Conversation::read_framed() {
  while (true) {
    if (auto taken = take_replies(); !taken) co_return taken;
    if (in_flight_.empty() && in_flight_.closed()) break;
    if (nothing_is_due()) {
      if (auto taken = take_unasked(); !taken) co_return taken;
      const bool readable = co_await wait_for_server_or_input();
      if (!readable) continue;
    }
    auto more = co_await replies_.receive();
    if (!more) co_return std::unexpected(more.error());
    if (!*more && nothing_is_due()) {
      say_that_the_server_has_gone();
      continue;
    }
    if (!*more) {
      co_return finding(fmt::format(
          "{} closed the connection before reply {}: {} of {} messages sent so "
          "far have no answer, and no byte of one had come",
          session_.connection.peer(), replies_.count() + 1, in_flight_.size(), sent_count_));
    }
  }
  co_return Result<void>{};
}

// What comes between two requests is shown as one reply, on a line of its own if it is shown as
// text.
Result<void> Conversation::take_segment(Bytes segment) {
  const bool starts_reply = !in_flight_.empty();
  if (starts_reply) {
    if (auto ended = end_line(); !ended) return ended;
  }
  if (auto written = output_.write(segment); !written) return written;
  line_open_ = segment.back() != std::byte{'\n'};
  in_flight_.clear();
  return output_.flush();
}

Result<void> Conversation::end_line() {
  if (!line_open_ || send_.output != OutputFormat::kText) return {};
  line_open_ = false;
  if (auto written = output_.write("\n"); !written) return written;
  return output_.flush();
}

asio::awaitable<Result<void>> Conversation::read_raw() {
  const bool until_close = session_.options.half_close || send_.no_reply;
  while (true) {
    if (nothing_is_due()) {
      const bool readable = co_await wait_for_server_or_input();
      if (!readable) continue;
    }
    // Without a half-close nothing but an answer tells that the last message was answered.
    if (in_flight_.empty() && in_flight_.closed() && !until_close) break;
    auto segment = co_await session_.connection.receive();
    if (!segment) {
      // What came before the reset is still a line of its own.
      [[maybe_unused]] const auto ended = end_line();
      co_return std::unexpected(segment.error());
    }
    if (segment->empty() && nothing_is_due()) {
      if (auto ended = end_line(); !ended) co_return ended;
      say_that_the_server_has_gone();
      continue;
    }
    if (segment->empty()) break;
    if (auto taken = take_segment(*segment); !taken) co_return taken;
  }
  if (auto ended = end_line(); !ended) co_return ended;
  const bool unfinished = !in_flight_.closed() || !in_flight_.empty();
  if (unfinished && !send_.no_reply) {
    co_return finding(
        fmt::format("{} closed the connection after {} messages, before anything came back "
                    "for the last of them",
                    session_.connection.peer(), sent_count_));
  }
  co_return Result<void>{};
}

void Conversation::compare(const Sent& sent, const Frame& reply) {
  const bool same_name = reply.header == nullptr || reply.header->filename == sent.filename;
  const std::string_view payload = as_text(reply.payload);
  if (payload == sent.payload && same_name) return;
  ++differing_count_;
  if (!same_name) {
    session_.console.warning(fmt::format("reply {} names the file '{}', {} named '{}'",
                                         replies_.count(), reply.header->filename, sent.what,
                                         sent.filename));
    return;
  }
  const auto [in_reply, in_sent] =
      std::mismatch(payload.begin(), payload.end(), sent.payload.begin(), sent.payload.end());
  session_.console.warning(fmt::format(
      "reply {} of {} bytes is not {} of {} bytes: they differ from byte {} on", replies_.count(),
      payload.size(), sent.what, sent.payload.size(), in_reply - payload.begin()));
}

}  // namespace framespec::client
