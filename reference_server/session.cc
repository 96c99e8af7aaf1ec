#include "session.h"

#include <sys/socket.h>

#include <algorithm>
#include <asio/error.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <cerrno>
#include <system_error>
#include <utility>

namespace framespec::server {
namespace {

using Clock = Watchdog::Clock;

// How long, and how much, an ended connection may still send before it is closed (ERR-5).
constexpr auto kDiscardTimeout = std::chrono::seconds(2);
constexpr std::uint64_t kDiscardSizeMax = std::uint64_t{64} * 1024 * 1024;

Clock::time_point after(Seconds duration) {
  return Clock::now() + std::chrono::duration_cast<Clock::duration>(duration);
}

ConnectionEnd end_of(EndKind kind) { return {.kind = kind, .error = {}, .detail = {}}; }

ConnectionEnd end_of(Error error) {
  return {.kind = EndKind::kProtocolError, .error = std::move(error), .detail = {}};
}

DigestCheck digest_check(Md5Policy policy) {
  return policy == Md5Policy::kVerify ? DigestCheck::kVerify : DigestCheck::kIgnore;
}

}  // namespace

Session::Session(Socket socket, std::uint64_t id, std::string peer, const SessionSetup& setup)
    : socket_(std::move(socket)),
      id_(id),
      peer_(std::move(peer)),
      setup_(setup),
      watchdog_(socket_.get_executor(),
                [this] {
                  expired_ = true;
                  std::error_code ignored;
                  socket_.cancel(ignored);
                }),
      // A raw request is what one receive brings, and so bounded by what it takes.
      segment_size_max_(
          setup.options.requests == Framing::kFramed
              ? kSegmentSizeMax
              : std::min<std::uint64_t>(setup.options.payload_size_max, kRawRequestSizeMax)),
      segment_(std::make_unique_for_overwrite<std::byte[]>(kSegmentSizeMax)),
      deframer_(setup.request_dialect, digest_check(setup.options.md5)),
      writer_(socket_, setup.reply_format, [this](bool waiting) { guard_writing(waiting); }),
      peer_watch_(socket_) {}

asio::awaitable<void> Session::run() {
  const auto self = shared_from_this();
  setup_.log.debug("connection_opened").with("connection", id_).with("peer", peer_);
  const ConnectionEnd end = co_await serve();
  // Logged before the peer can see the close, so that whoever waits for one finds the other.
  log_end(end);
  co_await close(end);
}

void Session::drain() {
  draining_ = true;
  std::error_code ignored;
  if (reading_idle_) socket_.cancel(ignored);
}

void Session::abort() {
  aborted_ = true;
  peer_watch_.abort();
  std::error_code ignored;
  socket_.close(ignored);
}

asio::awaitable<ConnectionEnd> Session::serve() {
  for (;;) {
    const Received segment = co_await receive();
    if (!segment) {
      // There may be answers that wait for more of them.
      const Outcome flushed = co_await writer_.flush();
      if (!flushed) co_return failed_transport(flushed.error().detail);
      co_return segment.error();
    }
    bytes_read_ += segment->size();

    Outcome answered;
    if (setup_.options.requests == Framing::kRaw) {
      answered = co_await answer_raw(*segment);
    } else {
      answered = co_await answer_frames(*segment);
    }
    if (answered && writer_.held_until() && co_await is_more_to_join()) continue;
    // After an error too: the requests before it have their answers (ERR-4).
    const Outcome flushed = co_await writer_.flush();
    if (answered) answered = flushed;
    if (answered) continue;
    if (answered.error().kind == EndKind::kReset) {
      co_return failed_transport(answered.error().detail);
    }
    co_return std::move(answered).error();
  }
}

// Whether answers wait for more of them, and a request, or the end of the stream, comes in time.
// The end of the wait is enough to tell: what the kernel said before the last read was dealt with
// before that read's result.
asio::awaitable<bool> Session::is_more_to_join() {
  const auto held_until = writer_.held_until();
  if (!held_until || draining_ || Clock::now() >= *held_until) co_return false;
  watchdog_.set(*held_until);
  std::error_code error;
  co_await socket_.async_wait(Socket::wait_read, asio::redirect_error(asio::use_awaitable, error));
  watchdog_.clear();
  expired_ = false;  // that was no timeout of the peer's
  co_return !error;
}

asio::awaitable<Session::Received> Session::receive() {
  for (;;) {
    if (draining_ && !inside_frame()) co_return receive_what_is_there();

    guard_reading();
    reading_idle_ = !inside_frame();
    std::error_code error;
    const std::size_t size =
        co_await socket_.async_read_some(asio::buffer(segment_.get(), segment_size_max_),
                                         asio::redirect_error(asio::use_awaitable, error));
    reading_idle_ = false;
    watchdog_.clear();
    if (!error) co_return Bytes(segment_.get(), size);
    if (error == asio::error::eof) co_return at_end_of_stream();
    const bool woken_to_drain =
        error == asio::error::operation_aborted && draining_ && !expired_ && !aborted_;
    if (!woken_to_drain) co_return std::unexpected(failed_transport(error.message()));
  }
}

// What had arrived when the server was told to stop is still answered.
Session::Received Session::receive_what_is_there() {
  const ssize_t size =
      ::recv(socket_.native_handle(), segment_.get(), segment_size_max_, MSG_DONTWAIT);
  if (size > 0) return Bytes(segment_.get(), static_cast<std::size_t>(size));
  if (size == 0) return at_end_of_stream();
  if (aborted_) return std::unexpected(end_of(EndKind::kAborted));
  if (errno == EAGAIN || errno == EINTR) return std::unexpected(end_of(EndKind::kDrained));
  return std::unexpected(failed_transport(std::generic_category().message(errno)));
}

Session::Received Session::at_end_of_stream() {
  peer_finished_ = true;
  const auto finished = deframer_.finish();
  if (!finished) return std::unexpected(end_of(finished.error()));
  return std::unexpected(end_of(EndKind::kClean));
}

asio::awaitable<Outcome> Session::answer_frames(Bytes segment) {
  bool new_frame = !inside_frame();
  for (;;) {
    const auto frame = deframer_.next(segment);
    if (!frame) co_return std::unexpected(end_of(frame.error()));
    if (!*frame) break;
    if (setup_.options.md5 == Md5Policy::kWarn) co_await warn_of_mismatch(**frame);
    const Outcome answered =
        co_await setup_.service.answer(request_of(**frame), writer_, peer_watch_);
    if (!answered) co_return answered;
    ++requests_;
    new_frame = true;
  }
  if (inside_frame() && new_frame) frame_deadline_ = after(setup_.options.frame_timeout);
  co_return Outcome{};
}

Request Session::request_of(const Frame& frame) const {
  Request request{.payload = frame.payload, .lead = frame.lead};
  if (frame.header != nullptr) {
    request.filename = frame.header->filename;
    if (setup_.options.md5 == Md5Policy::kVerify) request.verified_md5 = frame.header->md5;
  }
  return request;
}

asio::awaitable<void> Session::warn_of_mismatch(const Frame& frame) {
  if (frame.header == nullptr) co_return;
  const std::string md5 = co_await md5_in_slices(frame.payload);
  if (md5 == frame.header->md5) co_return;
  setup_.log.warn("digest_mismatch")
      .with("connection", id_)
      .with("peer", peer_)
      .with("offset", frame.offset)
      .with("announced", frame.header->md5)
      .with("actual", md5);
}

asio::awaitable<Outcome> Session::answer_raw(Bytes segment) {
  const Request request{.payload = segment, .is_raw = true};
  Outcome answered = co_await setup_.service.answer(request, writer_, peer_watch_);
  if (answered) ++requests_;
  co_return answered;
}

void Session::guard_reading() {
  expired_ = false;
  const Options& options = setup_.options;
  expiry_ = inside_frame() ? EndKind::kFrameTimeout : EndKind::kIdleTimeout;
  if (inside_frame()) {
    if (options.frame_timeout > Seconds::zero()) watchdog_.set(frame_deadline_);
  } else if (options.idle_timeout > Seconds::zero()) {
    watchdog_.set(after(options.idle_timeout));
  }
}

// A peer that takes nothing of an answer is as idle as one that sends nothing.
void Session::guard_writing(bool waiting) {
  if (!waiting) {
    watchdog_.clear();
    return;
  }
  expired_ = false;
  expiry_ = EndKind::kIdleTimeout;
  const Seconds timeout = setup_.options.idle_timeout;
  if (timeout > Seconds::zero()) watchdog_.set(after(timeout));
}

ConnectionEnd Session::failed_transport(const std::string& why) const {
  if (aborted_) return end_of(EndKind::kAborted);
  if (expired_) return end_of(expiry_);
  return {.kind = EndKind::kReset, .error = {}, .detail = why};
}

asio::awaitable<void> Session::close(const ConnectionEnd& end) {
  watchdog_.clear();
  std::error_code ignored;
  if (end.kind != EndKind::kReset && end.kind != EndKind::kAborted) {
    socket_.shutdown(Socket::shutdown_send, ignored);
    if (!peer_finished_) co_await discard_input();
  }
  socket_.close(ignored);
}

// Closing with unread input would send a reset, which can destroy the answers on their way (ERR-5).
asio::awaitable<void> Session::discard_input() {
  expired_ = false;
  watchdog_.set(Clock::now() + kDiscardTimeout);
  std::uint64_t discarded = 0;
  while (!expired_ && discarded < kDiscardSizeMax) {
    std::error_code error;
    discarded += co_await socket_.async_read_some(asio::buffer(segment_.get(), kSegmentSizeMax),
                                                  asio::redirect_error(asio::use_awaitable, error));
    if (error) break;
  }
  watchdog_.clear();
}

void Session::log_end(const ConnectionEnd& end) {
  const bool expected = end.kind == EndKind::kClean || end.kind == EndKind::kDrained;
  LogLine line =
      expected ? setup_.log.info("connection_closed") : setup_.log.warn("connection_closed");
  line.with("connection", id_).with("peer", peer_).with("dialect", setup_.request_dialect.name);
  line.with("frames", requests_).with("bytes_in", bytes_read_);
  line.with("bytes_out", writer_.bytes_written()).with("end", name_of(end.kind));
  if (end.error) {
    line.with("error", name_of(end.error->kind)).with("offset", end.error->offset);
    line.with("detail", end.error->detail);
  } else if (!end.detail.empty()) {
    line.with("detail", end.detail);
  }
}

}  // namespace framespec::server
