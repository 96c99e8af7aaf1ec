#include "log.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <iterator>
#include <nlohmann/json.hpp>

#include "framespec/printable.h"

namespace framespec::server {
namespace {

std::string utc_now() {
  const auto now =
      std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", parts, now.time_since_epoch().count() % 1000);
}

// Peers choose some values, at most two of a line, and the line must stay below PIPE_BUF.
constexpr std::size_t kQuotedSizeMax = 1500;
constexpr std::size_t kEscapeSizeMax = 6;  // "\u0000"

// In ASCII, which holds no control to a terminal.
std::string as_json(std::string_view text) {
  try {
    return nlohmann::json(text).dump(-1, ' ', true);
  } catch (const nlohmann::json::type_error&) {  // how the library says that it is not UTF-8
    return nlohmann::json(printable(text)).dump(-1, ' ', true);
  }
}

// What a peer sent, such as a file name, may hold any byte.
std::string quoted(std::string_view value) {
  std::string text = as_json(value.substr(0, kQuotedSizeMax));
  if (value.size() <= kQuotedSizeMax && text.size() <= kQuotedSizeMax) return text;
  text = as_json(value.substr(0, kQuotedSizeMax / kEscapeSizeMax));
  return text.replace(text.size() - 1, 1, R"(\u2026")");
}

bool needs_quotes(std::string_view value) {
  return value.empty() || value.size() > kQuotedSizeMax || std::ranges::any_of(value, [](char c) {
           return c <= ' ' || c > '~' || c == '"' || c == '=' || c == '\\';
         });
}

// As --log-level takes them.
std::string_view name_of(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::debug:
      return "debug";
    case spdlog::level::warn:
      return "warn";
    case spdlog::level::err:
      return "error";
    default:
      return "info";
  }
}

}  // namespace

Log::Log(std::string_view level, LogFormat format)
    : sink_(std::make_shared<StderrSink>()),
      logger_(std::make_shared<spdlog::logger>("framespec-server", sink_)),
      format_(format) {
  logger_->set_level(spdlog::level::from_str(std::string(level)));
}

LogLine::LogLine(Log& log, spdlog::level::level_enum level, std::string_view event)
    : log_(log.logger_->should_log(level) ? &log : nullptr), level_(level) {
  if (log_ == nullptr) return;
  with("time", utc_now());
  with("level", name_of(level));
  with("event", event);
}

LogLine& LogLine::with(std::string_view key, std::string_view value) {
  if (log_ == nullptr) return *this;
  if (log_->format_ == LogFormat::kJson) {
    fmt::format_to(std::back_inserter(text_), "{}\"{}\":{}", text_.empty() ? "{" : ",", key,
                   quoted(value));
  } else {
    fmt::format_to(std::back_inserter(text_), "{}{}={}", text_.empty() ? "" : " ", key,
                   needs_quotes(value) ? quoted(value) : std::string(value));
  }
  return *this;
}

LogLine& LogLine::with(std::string_view key, std::uint64_t value) {
  if (log_ == nullptr) return *this;
  const bool json = log_->format_ == LogFormat::kJson;
  fmt::format_to(std::back_inserter(text_), fmt::runtime(json ? ",\"{}\":{}" : " {}={}"), key,
                 value);
  return *this;
}

LogLine::~LogLine() {
  if (log_ == nullptr) return;
  try {
    const std::uint64_t dropped = log_->sink_->lines_dropped();
    if (dropped > 0) with("log_lines_dropped", dropped);
    if (log_->format_ == LogFormat::kJson) text_.push_back('}');
    log_->logger_->log(level_, text_);
  } catch (...) {
    log_->sink_->drop_line();  // for lack of memory, as a rule
  }
}

}  // namespace framespec::server
