// The messages that `send` sends, one after the other.
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <cstddef>
#include <optional>
#include <string>

#include "failure.h"
#include "line_reader.h"
#include "options.h"

namespace framespec::client {

struct Message {
  std::string payload;
  std::string filename;  ///< for the JSON header
  std::string what;      ///< for messages to the user, such as "message 3"
};

/// Texts first, then files, then the lines of standard input. Holds one file or line at a time.
class MessageSource {
 public:
  /// `send` must outlive the source.
  MessageSource(const asio::any_io_executor& executor, const SendOptions& send);

  /// Whether next() would not wait for standard input.
  bool ready() const noexcept;

  /// The next message, or nothing after the last.
  asio::awaitable<Result<std::optional<Message>>> next();

  /// Ends a next() that waits, with a failure.
  void cancel() noexcept;

 private:
  const SendOptions& send_;
  std::optional<LineReader> lines_;
  std::size_t index_ = 0;
};

}  // namespace framespec::client
