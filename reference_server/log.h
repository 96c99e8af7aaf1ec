// Structured log lines on stderr: key=value pairs, or one JSON object a line.
#pragma once

#include <spdlog/logger.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "options.h"
#include "stderr_sink.h"

namespace framespec::server {

class Log;

/// One line in the making. It is written when it goes out of scope; a line below the log's level
/// costs nothing. Of a value that is too long for a line the start is kept, and an ellipsis.
class LogLine {
 public:
  LogLine(LogLine&&) = delete;
  LogLine& operator=(LogLine&&) = delete;
  ~LogLine();

  LogLine& with(std::string_view key, std::string_view value);
  LogLine& with(std::string_view key, std::uint64_t value);

 private:
  friend class Log;
  LogLine(Log& log, spdlog::level::level_enum level, std::string_view event);

  Log* log_;  // null: the line is not written
  spdlog::level::level_enum level_;
  std::string text_;
};

/// Where lines go. Every line has `time` (UTC), `level` and `event` first, and ends with
/// `log_lines_dropped` if lines before it were lost because nobody took them.
///
///     log.info("listening").with("address", where);
class Log {
 public:
  /// `level` is one of debug, info, warn, error, off.
  Log(std::string_view level, LogFormat format);

  LogLine debug(std::string_view event) { return {*this, spdlog::level::debug, event}; }
  LogLine info(std::string_view event) { return {*this, spdlog::level::info, event}; }
  LogLine warn(std::string_view event) { return {*this, spdlog::level::warn, event}; }
  LogLine error(std::string_view event) { return {*this, spdlog::level::err, event}; }

 private:
  friend class LogLine;
  std::shared_ptr<StderrSink> sink_;
  std::shared_ptr<spdlog::logger> logger_;
  LogFormat format_;
};

}  // namespace framespec::server
