#include "reply_reader.h"

#include <fmt/format.h>

#include "digest_verdict.h"

namespace framespec::client {

ReplyReader::ReplyReader(Connection& connection, const Options& options, const Console& console)
    : connection_(connection),
      options_(options),
      console_(console),
      deframer_(options.reply_dialect, DigestCheck::kIgnore) {}

Result<std::optional<Frame>> ReplyReader::take() {
  auto frame = deframer_.next(segment_);
  if (!frame) {
    return finding(fmt::format("reply {} from {} breaks the protocol: {}", count_ + 1,
                               connection_.peer(), to_string(frame.error())));
  }
  if (!*frame) return std::optional<Frame>();
  ++count_;
  taken_up_to_ = deframer_.offset();
  const Frame& reply = **frame;
  if (reply.header != nullptr && options_.digest != DigestPolicy::kIgnore) {
    const std::uint64_t payload_offset =
        deframer_.offset() - options_.reply_dialect.trailer.size() - reply.payload.size();
    auto verdict = judge_digest(*reply.header, md5_of(reply.payload), payload_offset,
                                fmt::format("reply {}", count_), options_.digest, console_);
    if (!verdict) return std::unexpected(verdict.error());
  }
  return *frame;
}

asio::awaitable<Result<bool>> ReplyReader::receive() {
  auto segment = co_await connection_.receive();
  if (!segment) co_return std::unexpected(segment.error());
  if (!segment->empty()) {
    segment_ = *segment;
    co_return true;
  }
  if (auto end = deframer_.finish(); !end) {
    co_return finding(fmt::format("{} closed the connection inside reply {}: {}",
                                  connection_.peer(), count_ + 1, to_string(end.error())));
  }
  co_return false;
}

asio::awaitable<Result<Frame>> ReplyReader::next() {
  while (true) {
    auto frame = take();
    if (!frame) co_return std::unexpected(frame.error());
    if (*frame) co_return **frame;
    auto more = co_await receive();
    if (!more) co_return std::unexpected(more.error());
    if (!*more) {
      co_return finding(
          fmt::format("{} closed the connection before reply {}: no byte of it had come",
                      connection_.peer(), count_ + 1));
    }
  }
}

}  // namespace framespec::client
