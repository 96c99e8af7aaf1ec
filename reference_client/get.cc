#include <fmt/format.h>

#include <asio/this_coro.hpp>
#include <chrono>
#include <filesystem>
#include <optional>
#include <utility>

#include "bytes_behind.h"
#include "command.h"
#include "digest_verdict.h"
#include "framespec/event_deframer.h"
#include "framespec/md5.h"
#include "framespec/shortened.h"
#include "progress.h"
#include "request.h"
#include "standard_output.h"
#include "temporary_file.h"

namespace framespec::client {

namespace {

using Clock = std::chrono::steady_clock;

// Takes one reply in pieces and stores it; never holds more of it than one segment.
class Download {
 public:
  Download(Session session, const GetOptions& get, GetTarget target, asio::any_io_executor executor)
      : session_(session),
        get_(get),
        executor_(std::move(executor)),
        deframer_(session.options.reply_dialect, DigestCheck::kIgnore) {
    if (auto* const stream = std::get_if<OutputStream>(&target)) {
      name_ = stream->name();
      output_.emplace(std::move(*stream));
    } else {
      target_ = std::get<FileTarget>(std::move(target));
      name_ = target_.path;
    }
  }

  asio::awaitable<Result<void>> run();

 private:
  Result<void> take(Bytes segment);
  Result<void> begin(const FrameHead& head);
  Result<void> store(Bytes payload);
  Result<void> end(const FrameHead& head);
  Failure ended_early();
  Failure failed(Failure failure) const;
  void report();
  asio::awaitable<void> look_behind();

  Session session_;
  const GetOptions& get_;
  std::string name_;   // of where it goes
  FileTarget target_;  // where there is no output_
  asio::any_io_executor executor_;
  EventDeframer deframer_;
  std::optional<TemporaryFile> file_;
  std::optional<Progress> progress_;
  std::optional<StandardOutput> output_;
  std::optional<Md5> md5_;
  Clock::time_point started_at_;
  std::uint64_t payload_offset_ = 0;
  std::uint64_t size_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t left_ = 0;  // bytes received behind the reply
  bool begun_ = false;
  bool complete_ = false;
  bool verified_ = false;
};

Result<void> Download::begin(const FrameHead& head) {
  begun_ = true;
  size_ = head.payload_size;
  payload_offset_ = deframer_.offset();
  started_at_ = Clock::now();
  if (head.header != nullptr) {
    session_.console.detail(fmt::format("the header says file name '{}', md5 {}, total_size {}",
                                        head.header->filename, head.header->md5,
                                        head.header->total_size));
    if (session_.options.digest != DigestPolicy::kIgnore) md5_.emplace();
  }
  if (!output_) {
    auto file = TemporaryFile::create(target_);
    if (!file) return std::unexpected(file.error());
    file_.emplace(*std::move(file));
  }
  progress_.emplace(executor_, session_.console, get_.file, size_);
  return {};
}

Result<void> Download::store(Bytes payload) {
  received_ += payload.size();
  if (md5_) md5_->update(payload);
  progress_->add(payload.size());
  return file_ ? file_->write(payload) : output_->write(payload);
}

Result<void> Download::end(const FrameHead& head) {
  progress_->finish();
  if (md5_) {
    const std::string computed = md5_->finish();
    auto verdict = judge_digest(*head.header, computed, payload_offset_,
                                fmt::format("'{}'", shortened(get_.file)), session_.options.digest,
                                session_.console);
    if (!verdict) return verdict;
    verified_ = head.header->md5 == computed;
  }
  auto stored = file_ ? file_->commit() : output_->flush();
  if (stored) complete_ = true;
  return stored;
}

Result<void> Download::take(Bytes segment) {
  while (!complete_) {
    auto event = deframer_.next(segment);
    if (!event) {
      return finding(fmt::format("the reply of {} breaks the protocol: {}",
                                 session_.connection.peer(), to_string(event.error())));
    }
    Result<void> done;
    switch (event->kind) {
      case EventKind::kNeedData:
        return {};
      case EventKind::kFrameBegin:
        done = begin(*event->head);
        break;
      case EventKind::kPayload:
        done = store(event->payload);
        break;
      case EventKind::kFrameEnd:
        done = end(*event->head);
        break;
    }
    if (!done) return done;
  }
  left_ = segment.size();
  return {};
}

Failure Download::ended_early() {
  const std::string& peer = session_.connection.peer();
  auto end = deframer_.finish();
  if (end) {
    return {ExitCode::kFinding,
            fmt::format("{} closed the connection without a reply; perhaps it has no file '{}'",
                        peer, shortened(get_.file))};
  }
  const std::string missing =
      begun_ ? fmt::format("{} of {} payload bytes are missing", size_ - received_, size_)
             : std::string("its size had not come yet");
  return {ExitCode::kFinding, fmt::format("{} closed the connection inside the reply: {} ({})",
                                          peer, missing, to_string(end.error()))};
}

// The header comes first and holds the md5, for which our own server, too, reads the whole file.
Failure Download::failed(Failure failure) const {
  const bool may_compute_digest =
      session_.options.reply_dialect.header == HeaderKind::kJson && !begun_;
  if (session_.connection.fell_silent() && may_compute_digest) {
    failure.message +=
        "; perhaps the server is still computing the md5 of a large file: allow it more time";
  }
  return failure;
}

void Download::report() {
  const double seconds = std::chrono::duration<double>(Clock::now() - started_at_).count();
  const double rate = seconds > 0 ? static_cast<double>(received_) / seconds : 0;
  session_.console.note(fmt::format("{}: {} bytes in {:.1f} s ({}/s){}", name_, received_, seconds,
                                    readable_size(rate), verified_ ? ", md5 verified" : ""));
}

// The file is there whatever comes now: of what is wrong here the user is told, and no more.
asio::awaitable<void> Download::look_behind() {
  const auto behind = co_await bytes_behind(session_, left_);
  if (!behind) {
    session_.console.warning("the reply is whole, but its end was not seen: " +
                             behind.error().message);
  } else if (*behind > 0) {
    session_.console.warning(told_of_bytes_behind(*behind, "reply"));
  }
}

asio::awaitable<Result<void>> Download::run() {
  ByteVector request;
  auto appended = append_request(request, session_.options, as_bytes(get_.file), "the file name");
  if (!appended) co_return appended;
  auto sent = co_await session_.connection.send(request);
  if (!sent) co_return sent;
  while (!complete_) {
    auto segment = co_await session_.connection.receive();
    Result<void> taken;
    if (!segment) {
      taken = std::unexpected(failed(segment.error()));
    } else if (segment->empty()) {
      taken = std::unexpected(ended_early());
    } else {
      taken = take(*segment);
    }
    if (!taken) {
      progress_.reset();  // its line must be gone before the failure is shown
      co_return taken;
    }
  }
  report();
  co_await look_behind();
  co_return Result<void>{};
}

}  // namespace

Result<GetTarget> target_of(const GetOptions& get) {
  if (get.output == "-") return OutputStream();
  auto stream = OutputStream::open(get.output);
  if (!stream) return std::unexpected(stream.error());
  if (*stream) return **std::move(stream);
  const std::string name = std::filesystem::path(get.file).filename().string();
  auto target = file_target(get.output, name, get.force);
  if (!target) return std::unexpected(target.error());
  return *std::move(target);
}

asio::awaitable<Result<void>> get_file(Session session, const GetOptions& get, GetTarget target) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Download download(session, get, std::move(target), executor);
  co_return co_await download.run();
}

}  // namespace framespec::client
