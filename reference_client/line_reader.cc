#include "line_reader.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <cerrno>

namespace framespec::client {

namespace {

constexpr std::size_t kReadSize = std::size_t{64} * 1024;
// A line becomes one message in memory; beyond this it is rather a file, or not text at all.
constexpr std::size_t kLineSizeMax = std::size_t{256} * 1024 * 1024;

std::error_code last_error() { return {errno, std::generic_category()}; }

bool is_readable() {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  return ::poll(&input, 1, 0) > 0;
}

}  // namespace

// Asio makes what it waits for non-blocking. For standard input that would be seen by every process
// that shares the terminal or pipe, and would stay when we are gone. So Asio waits for an epoll
// descriptor of our own, which becomes readable when standard input does.
LineReader::LineReader(const asio::any_io_executor& executor) : readiness_(executor) {
  const int descriptor = ::epoll_create1(EPOLL_CLOEXEC);
  if (descriptor < 0) {
    setup_error_ = last_error();
    return;
  }
  epoll_event event{};
  event.events = EPOLLIN;
  if (::epoll_ctl(descriptor, EPOLL_CTL_ADD, STDIN_FILENO, &event) != 0) {
    if (errno != EPERM) setup_error_ = last_error();  // EPERM: a file, which never makes us wait
    ::close(descriptor);
    return;
  }
  readiness_.assign(descriptor, setup_error_);
  if (setup_error_) ::close(descriptor);
}

asio::awaitable<std::error_code> LineReader::wait() {
  std::error_code error = setup_error_;
  if (error) co_return error;
  if (!readiness_.is_open()) {
    // Others get their turn between two reads of a file, too.
    co_await asio::post(readiness_.get_executor(), asio::use_awaitable);
    co_return error;
  }
  co_await readiness_.async_wait(asio::posix::stream_descriptor::wait_read,
                                 asio::redirect_error(asio::use_awaitable, error));
  co_return error;
}

void LineReader::find_line_end() {
  line_end_ = buffer_.find('\n', scanned_);
  scanned_ = line_end_ == std::string::npos ? buffer_.size() : line_end_;
}

asio::awaitable<Result<void>> LineReader::fill() {
  const std::error_code error = co_await wait();
  if (error) {
    co_return unable(fmt::format("cannot wait for standard input: {}", error.message()));
  }
  // Whoever shares standard input may have been faster, and a read would then stop everything.
  if (!is_readable()) co_return Result<void>{};
  if (line_start_ > 0) {
    buffer_.erase(0, line_start_);
    scanned_ -= line_start_;
    line_start_ = 0;
  }
  if (buffer_.size() > kLineSizeMax) {
    co_return unable(fmt::format(
        "a line of standard input has more than {} bytes; send it with --file", kLineSizeMax));
  }
  const std::size_t old_size = buffer_.size();
  buffer_.resize(old_size + kReadSize);
  const ssize_t size = ::read(STDIN_FILENO, buffer_.data() + old_size, kReadSize);
  const int read_error = errno;
  buffer_.resize(old_size + static_cast<std::size_t>(size > 0 ? size : 0));
  if (size < 0 && read_error != EINTR && read_error != EAGAIN) {
    co_return unable(
        fmt::format("cannot read standard input: {}", std::generic_category().message(read_error)));
  }
  at_end_ = size == 0;
  find_line_end();
  co_return Result<void>{};
}

asio::awaitable<Result<std::optional<std::string>>> LineReader::next() {
  while (!ready()) {
    auto filled = co_await fill();
    if (!filled) co_return std::unexpected(filled.error());
  }
  std::optional<std::string> line;
  if (line_end_ != std::string::npos) {
    line = buffer_.substr(line_start_, line_end_ - line_start_);
    line_start_ = line_end_ + 1;
    scanned_ = line_start_;
    find_line_end();
  } else if (line_start_ < buffer_.size()) {
    line = buffer_.substr(line_start_);
    line_start_ = buffer_.size();
  }
  co_return line;
}

void LineReader::cancel() noexcept {
  std::error_code ignored;
  readiness_.cancel(ignored);
}

}  // namespace framespec::client
