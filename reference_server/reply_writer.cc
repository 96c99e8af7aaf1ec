#include "reply_writer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <asio/buffer.hpp>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include "framespec/encoder.h"
#include "framespec/md5.h"

namespace framespec::server {
namespace {

// Above this a payload is written from where it is; below, copying it costs less than a longer
// iovec.
constexpr std::size_t kCopiedPayloadSizeMax = std::size_t{16} * 1024;
// Asked of the kernel at once: a bound on how long one call keeps others waiting.
constexpr std::size_t kWriteSizeMax = std::size_t{256} * 1024;
constexpr std::size_t kDigestSliceSize = std::size_t{256} * 1024;

asio::const_buffer buffer_of(Bytes bytes) { return {bytes.data(), bytes.size()}; }

iovec iovec_of(Bytes bytes) {
  // Only read from.
  return {.iov_base = const_cast<std::byte*>(bytes.data()), .iov_len = bytes.size()};
}

Outcome refused(const Error& error) {
  return no_answer("the reply cannot be framed: " + to_string(error));
}

}  // namespace

ReplyWriter::ReplyWriter(Socket& socket, const ReplyFormat& format,
                         std::function<void(bool)> on_progress)
    : socket_(socket),
      format_(format),
      on_progress_(std::move(on_progress)),
      next_send_(socket.get_executor()) {}

asio::awaitable<Outcome> ReplyWriter::reply(Bytes payload, ReplyMeta meta) {
  if (payload.size() > kCopiedPayloadSizeMax) {
    JsonHeader header{.filename = std::string(meta.filename),
                      .md5 = std::string(meta.md5),
                      .total_size = payload.size()};
    if (format_.has_json_header() && header.md5.empty()) {
      header.md5 = co_await md5_in_slices(payload);
    }
    Outcome outcome = co_await begin(header, meta.lead);
    if (outcome) {
      if (format_.segmentation) {
        outcome = co_await write(payload);
      } else {
        outcome = co_await write_all(gathered_, payload, Wait::kIfNeeded);
        gathered_.clear();
      }
    }
    if (outcome) outcome = co_await end();
    co_return outcome;
  }

  if (format_.framing == Framing::kRaw) {
    gathered_.insert(gathered_.end(), payload.begin(), payload.end());
  } else {
    const FrameMeta frame_meta{.lead = meta.lead, .filename = meta.filename};
    const auto appended = append_frame(gathered_, format_.dialect, payload, frame_meta);
    if (!appended) co_return refused(appended.error());
  }
  if (!is_due_at_end_of_reply()) co_return Outcome{};
  co_return co_await flush();
}

bool ReplyWriter::is_due_at_end_of_reply() {
  bool goes_alone = false;
  if (format_.segmentation) {
    if (reply_ends_.empty()) first_held_ = std::chrono::steady_clock::now();
    reply_ends_.push_back(gathered_.size());
    goes_alone = !format_.segmentation->joins();
  }
  return goes_alone || gathered_.size() >= kGatheredSizeMax;
}

asio::awaitable<Outcome> ReplyWriter::begin(const JsonHeader& header, Bytes lead) {
  if (format_.framing == Framing::kRaw) co_return Outcome{};
  const auto appended =
      append_frame_head(gathered_, format_.dialect, header.total_size, header, lead);
  if (!appended) co_return refused(appended.error());
  co_return Outcome{};
}

asio::awaitable<Outcome> ReplyWriter::write(Bytes chunk) {
  if (format_.segmentation && !front_is_sent_) {
    const std::size_t room = kGatheredSizeMax - std::min(kGatheredSizeMax, gathered_.size());
    const Bytes front = chunk.first(std::min(room, chunk.size()));
    gathered_.insert(gathered_.end(), front.begin(), front.end());
    chunk = chunk.subspan(front.size());
    if (chunk.empty()) co_return Outcome{};
    const Outcome flushed = co_await flush();
    if (!flushed) co_return flushed;
    front_is_sent_ = true;
  }
  const Outcome written = co_await write_all(gathered_, chunk, Wait::kAlways);
  gathered_.clear();
  co_return written;
}

asio::awaitable<Outcome> ReplyWriter::end() {
  if (format_.framing == Framing::kFramed) {
    const ByteVector& trailer = format_.dialect.trailer;
    gathered_.insert(gathered_.end(), trailer.begin(), trailer.end());
  }
  if (!format_.segmentation) co_return Outcome{};
  if (std::exchange(front_is_sent_, false)) {
    const Outcome written = co_await write_all(gathered_, {}, Wait::kIfNeeded);
    gathered_.clear();
    co_return written;
  }
  if (!is_due_at_end_of_reply()) co_return Outcome{};
  co_return co_await flush();
}

asio::awaitable<void> ReplyWriter::abandon() {
  // What is whole is still owed.
  gathered_.resize(reply_ends_.empty() ? 0 : reply_ends_.back());
  (void)co_await flush();
  broken_ = true;
}

asio::awaitable<Outcome> ReplyWriter::flush() {
  Outcome outcome;
  if (!gathered_.empty()) {
    if (format_.segmentation) {
      outcome = co_await write_in_segments();
    } else {
      outcome = co_await write_all(gathered_, {}, Wait::kIfNeeded);
    }
    gathered_.clear();
    reply_ends_.clear();
  }
  if (corked_) set_cork(false);
  co_return outcome;
}

asio::awaitable<Outcome> ReplyWriter::flush_before_work() {
  if (held_until()) co_return Outcome{};
  co_return co_await flush();
}

std::optional<std::chrono::steady_clock::time_point> ReplyWriter::held_until() const {
  if (reply_ends_.empty()) return std::nullopt;
  return first_held_ + ReplySegmentation::kHeldMax;
}

asio::awaitable<Outcome> ReplyWriter::write_in_segments() {
  // The front of a large reply ends here too.
  if (reply_ends_.empty() || reply_ends_.back() != gathered_.size()) {
    reply_ends_.push_back(gathered_.size());
  }
  const Segmentation cut = format_.segmentation->of(gathered_.size(), reply_ends_);
  Outcome outcome;
  for (std::size_t index = 0; index < cut.segment_count() && outcome; ++index) {
    outcome = co_await write_all(cut.segment(gathered_, index), {}, Wait::kIfNeeded);
  }
  co_return outcome;
}

asio::awaitable<Outcome> ReplyWriter::write_all(Bytes head, Bytes body, Wait wait) {
  if (broken_) {
    co_return std::unexpected(ConnectionEnd{.kind = EndKind::kReset, .error = {}, .detail = {}});
  }
  if (format_.segmentation) co_await pause();
  if (format_.cork && !corked_) set_cork(true);
  std::error_code error;
  if (wait == Wait::kIfNeeded) {
    const std::size_t taken = write_at_once(head, body, error);
    body = body.subspan(taken - std::min(taken, head.size()));
    head = head.subspan(std::min(taken, head.size()));
  }
  if (!error && !(head.empty() && body.empty())) {
    const std::array<asio::const_buffer, 2> buffers{buffer_of(head), buffer_of(body)};
    const auto progress = [this](const std::error_code& failure, std::size_t) -> std::size_t {
      if (failure) return 0;
      on_progress_(true);
      return kWriteSizeMax;
    };
    bytes_written_ += co_await asio::async_write(socket_, buffers, progress,
                                                 asio::redirect_error(asio::use_awaitable, error));
    on_progress_(false);
  }
  next_send_.expires_after(ReplySegmentation::kPause);
  if (error) {
    broken_ = true;
    co_return std::unexpected(
        ConnectionEnd{.kind = EndKind::kReset, .error = {}, .detail = error.message()});
  }
  co_return Outcome{};
}

// An answer is taken whole as a rule, and then costs one call and nothing that could wait.
std::size_t ReplyWriter::write_at_once(Bytes head, Bytes body, std::error_code& error) {
  body = body.first(std::min(body.size(), kWriteSizeMax));
  std::array<iovec, 2> parts{iovec_of(head), iovec_of(body)};
  msghdr message{};
  message.msg_iov = parts.data();
  message.msg_iovlen = body.empty() ? 1 : 2;
  const ssize_t sent = ::sendmsg(socket_.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent < 0 && errno != EAGAIN && errno != EINTR) error.assign(errno, std::system_category());
  const std::size_t taken = sent > 0 ? static_cast<std::size_t>(sent) : 0;
  bytes_written_ += taken;
  return taken;
}

asio::awaitable<void> ReplyWriter::pause() {
  if (std::chrono::steady_clock::now() < next_send_.expiry()) {
    std::error_code ignored;
    co_await next_send_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

void ReplyWriter::set_cork(bool on) {
  const int value = on ? 1 : 0;
  // An AF_UNIX socket has no such option, and needs none.
  (void)::setsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_CORK, &value, sizeof(value));
  corked_ = on;
}

asio::awaitable<std::string> md5_in_slices(Bytes payload) {
  Md5 md5;
  while (!payload.empty()) {
    const Bytes slice = payload.first(std::min(payload.size(), kDigestSliceSize));
    md5.update(slice);
    payload = payload.subspan(slice.size());
    const auto executor = co_await asio::this_coro::executor;
    if (!payload.empty()) co_await asio::post(executor, asio::use_awaitable);
  }
  co_return md5.finish();
}

}  // namespace framespec::server
