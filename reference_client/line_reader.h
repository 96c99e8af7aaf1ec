// The lines of standard input, without stopping everything else while waiting for one.
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <optional>
#include <string>
#include <system_error>

#include "failure.h"

namespace framespec::client {

/// Reads a terminal, pipe or file. Bytes are opaque; only the line feed that ends a line is left
/// out. Standard input stays as it is: it is not made non-blocking, as other processes share it.
class LineReader {
 public:
  explicit LineReader(const asio::any_io_executor& executor);

  /// Whether next() would not wait: a whole line, or the end of input, has been read.
  bool ready() const noexcept { return at_end_ || line_end_ != std::string::npos; }

  /// Waits for some more input. May be cancelled: no input is lost then.
  asio::awaitable<Result<void>> fill();

  /// The next line, or nothing at the end of input. A last line needs no line feed.
  asio::awaitable<Result<std::optional<std::string>>> next();

  /// Ends a fill() or next() that waits, with a failure.
  void cancel() noexcept;

 private:
  asio::awaitable<std::error_code> wait();
  void find_line_end();

  asio::posix::stream_descriptor readiness_;  // not open where reading never waits
  std::error_code setup_error_;
  std::string buffer_;
  std::size_t line_start_ = 0;
  std::size_t scanned_ = 0;  // no line feed in [line_start_, scanned_)
  std::size_t line_end_ = std::string::npos;
  bool at_end_ = false;
};

}  // namespace framespec::client
