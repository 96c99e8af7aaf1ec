#include <fmt/format.h>

#include <algorithm>
#include <asio/experimental/awaitable_operators.hpp>
#include <asio/this_coro.hpp>
#include <utility>

#include "command.h"
#include "in_flight.h"
#include "message_source.h"
#include "reply_format.h"
#include "reply_reader.h"
#include "request.h"
#include "standard_output.h"

namespace framespec::client {

namespace {

constexpr std::size_t kInFlightDefault = 1024;
constexpr std::size_t kBatchSize = std::size_t{64} * 1024;

// Raw requests that meet in the server's queue become one there, and raw replies cannot be counted:
// both go one at a time unless the user wants to see just that.
std::size_t in_flight_max(const Options& options, const SendOptions& send) {
  const bool one_at_a_time = options.request == Framing::kRaw || options.reply == Framing::kRaw;
  return send.in_flight_max.value_or(one_at_a_time && !send.no_reply ? 1 : kInFlightDefault);
}

// One coroutine writes while the other reads, so that a server that answers before it has read
// everything never waits for us (CON-6 seen from the other side).
class Conversation {
 public:
  Conversation(Session session, const SendOptions& send, const asio::any_io_executor& executor)
      : session_(session),
        send_(send),
        source_(executor, send),
        in_flight_(executor, in_flight_max(session.options, send)),
        replies_(session.connection, session.options, session.console) {}

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
  asio::awaitable<bool> wait_for_server_or_input();
  void say_that_the_server_has_gone();
  Result<void> take_replies();
  Result<void> take_unasked();
  Result<void> take_segment(Bytes segment);
  Result<void> end_line();
  void compare(const Sent& sent, const Frame& reply);
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
};

// Gathers what may be sent without waiting for input, as long as it is little; raw requests each
// get a send of their own. Waits for input only for the first message. The number of messages is
// returned.
asio::awaitable<Result<std::size_t>> Conversation::fill_batch() {
  std::size_t count = 0;
  batch_.clear();
  while (batch_.size() < kBatchSize && in_flight_.has_room() && (count == 0 || source_.ready())) {
    auto message = co_await source_.next();
    if (!message) co_return std::unexpected(message.error());
    if (!*message) {
      in_flight_.close();
      break;
    }
    auto appended = append_request(batch_, session_.options, as_bytes((*message)->payload),
                                   (*message)->what, (*message)->filename);
    if (!appended) co_return std::unexpected(appended.error());
    ++count;
    ++sent_count_;
    sent_bytes_ += (*message)->payload.size();
    if (!send_.no_reply) {
      if (!send_.expect_echo) (*message)->payload.clear();
      in_flight_.push({std::move((*message)->what), std::move((*message)->filename),
                       std::move((*message)->payload)});
    }
    if (session_.options.request == Framing::kRaw) break;
  }
  co_return count;
}

asio::awaitable<Result<void>> Conversation::write_messages() {
  while (!in_flight_.closed()) {
    if (!in_flight_.has_room()) {
      co_await in_flight_.change();
      continue;
    }
    auto filled = co_await fill_batch();
    if (!batch_.empty()) {
      // A message that cannot be sent does not keep those before it from being sent.
      auto sent = co_await session_.connection.send(batch_);
      if (!sent) co_return sent;
    }
    if (!filled) co_return std::unexpected(filled.error());
  }
  co_return Result<void>{};
}

asio::awaitable<Result<void>> Conversation::write_side() {
  auto written = co_await write_messages();
  in_flight_.close();
  const bool raw_end = session_.options.reply == Framing::kRaw && session_.options.half_close;
  if (send_.no_reply || raw_end) session_.connection.finish_sending();
  co_return written;
}

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
  if (replies_.bytes_left() > 0) {
    session_.console.warning(fmt::format(
        "{} bytes came behind the last reply; they were not asked for", replies_.bytes_left()));
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

Result<void> Conversation::conclude() {
  const bool counted = session_.options.reply == Framing::kFramed && !send_.no_reply;
  session_.console.note(
      counted ? fmt::format("{} messages sent ({} bytes), {} replies received ({} bytes)",
                            sent_count_, sent_bytes_, replies_.count(), reply_bytes_)
              : fmt::format("{} messages sent ({} bytes), {} bytes received", sent_count_,
                            sent_bytes_, session_.connection.bytes_received()));
  if (differing_count_ > 0) {
    return finding(
        fmt::format("{} of {} replies are not what was sent", differing_count_, replies_.count()));
  }
  return {};
}

asio::awaitable<Result<void>> Conversation::run() {
  using asio::experimental::awaitable_operators::operator&&;
  auto [written, read] = co_await (write_side() && read_side());
  auto concluded = conclude();
  // When both sides failed, what was read tells more: a closed connection also fails the writer.
  if (!read) co_return read;
  if (!written) co_return written;
  co_return concluded;
}

}  // namespace

asio::awaitable<Result<void>> send_messages(Session session, const SendOptions& send) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Conversation conversation(session, send, executor);
  co_return co_await conversation.run();
}

}  // namespace framespec::client
