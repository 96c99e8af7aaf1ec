#include "line_reader.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <cerrno>

namespace framespec::client {

namespace {

constexpr std::size_t kReadSize = std::size_t{64} * 1024;
// A line becomes one message in memory; beyond this it is rather a file, or not text at all.
constexpr std::size_t kLineSizeMax = std::size_t{256} * 1024 * 1024;

}  // namespace

LineReader::LineReader(asio::any_io_executor executor) : input_(std::move(executor)) {
  // A duplicate, as closing input_ must not close standard input itself.
  const int descriptor = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
  if (descriptor < 0) {
    at_end_ = true;  // a closed standard input has no lines
    return;
  }
  std::error_code error;
  input_.assign(descriptor, error);
  if (error) {
    ::close(descriptor);
    at_end_ = true;
  }
}

void LineReader::find_line_end() {
  line_end_ = buffer_.find('\n', scanned_);
  scanned_ = line_end_ == std::string::npos ? buffer_.size() : line_end_;
}

asio::awaitable<Result<void>> LineReader::fill() {
  std::error_code error;
  co_await input_.async_wait(asio::posix::stream_descriptor::wait_read,
                             asio::redirect_error(asio::use_awaitable, error));
  // Files cannot be waited for, and need not be.
  if (error && error != asio::error::operation_not_supported) {
    co_return unable(fmt::format("cannot wait for standard input: {}", error.message()));
  }
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
  const ssize_t size = ::read(input_.native_handle(), buffer_.data() + old_size, kReadSize);
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
  input_.cancel(ignored);
}

}  // namespace framespec::client
