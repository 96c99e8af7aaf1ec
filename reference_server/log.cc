#include "log.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <iterator>
#include <nlohmann/json.hpp>

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

// What a peer sent, such as a file name, may hold any byte: the dump replaces what is not UTF-8.
std::string quoted(std::string_view value) {
  return nlohmann::json(value).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

bool needs_quotes(std::string_view value) {
  return value.empty() || std::ranges::any_of(value, [](char c) {
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
    : logger_(std::make_shared<spdlog::logger>("framespec-server",
                                               std::make_shared<spdlog::sinks::stderr_sink_st>())),
      format_(format) {
  logger_->set_pattern("%v");
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
  if (log_->format_ == LogFormat::kJson) text_.push_back('}');
  log_->logger_->log(level_, text_);
  log_->logger_->flush();
}

}  // namespace framespec::server
