#include <fmt/format.h>

#include <asio/experimental/awaitable_operators.hpp>
#include <asio/this_coro.hpp>
#include <utility>

#include "bytes_behind.h"
#include "conversation.h"
#include "request.h"

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

}  // namespace

Conversation::Conversation(Session session, const SendOptions& send,
                           const asio::any_io_executor& executor)
    : session_(session),
      send_(send),
      source_(executor, send),
      in_flight_(executor, in_flight_max(session.options, send)),
      replies_(session.connection, session.options, session.console) {}

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

// Nothing is due any more. An echo has nothing behind its end, so that end is waited for; elsewhere
// what has come by now is told.
asio::awaitable<Result<void>> Conversation::look_behind() {
  if (!send_.expect_echo) {
    if (replies_.bytes_left() > 0) {
      session_.console.warning(told_of_bytes_behind(replies_.bytes_left(), "last reply"));
    }
    co_return Result<void>{};
  }
  auto behind = co_await bytes_behind(session_, replies_.bytes_left());
  if (!behind) {
    co_return std::unexpected(
        Failure{behind.error().code,
                "every reply came, but not the end behind the last (--no-half-close does without "
                "it): " +
                    behind.error().message});
  }
  behind_bytes_ = *behind;
  co_return Result<void>{};
}

Result<void> Conversation::conclude() {
  session_.console.note(
      counts_replies() ? fmt::format("{} messages sent ({} bytes), {} replies received ({} bytes)",
                                     sent_count_, sent_bytes_, replies_.count(), reply_bytes_)
                       : fmt::format("{} messages sent ({} bytes), {} bytes received", sent_count_,
                                     sent_bytes_, session_.connection.bytes_received()));
  const std::string behind = told_of_bytes_behind(behind_bytes_, "last reply");
  if (differing_count_ > 0) {
    if (behind_bytes_ > 0) session_.console.warning(behind);
    return finding(
        fmt::format("{} of {} replies are not what was sent", differing_count_, replies_.count()));
  }
  if (behind_bytes_ > 0) return finding(behind);
  return {};
}

asio::awaitable<Result<void>> Conversation::run() {
  using asio::experimental::awaitable_operators::operator&&;
  auto [written, read] = co_await (write_side() && read_side());
  Result<void> ended;
  if (counts_replies() && written && read) ended = co_await look_behind();
  auto concluded = conclude();
  // When both sides failed, what was read tells more: a closed connection also fails the writer.
  if (!read) co_return read;
  if (!written) co_return written;
  if (!concluded) co_return concluded;
  co_return ended;
}

asio::awaitable<Result<void>> send_messages(Session session, const SendOptions& send) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Conversation conversation(session, send, executor);
  co_return co_await conversation.run();
}

}  // namespace framespec::client
