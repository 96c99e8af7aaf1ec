// Where log lines go: stderr, as long as somebody takes them.
#pragma once

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

#include <cstddef>
#include <cstdint>

namespace framespec::server {

/// Writes each line whole, or drops and counts it when stderr does not take it now: one thread
/// serves everybody, and whoever reads stderr too slowly must not stop it.
///
/// The descriptor is shared with other processes, so it is not made non-blocking: it is asked
/// before each line. A pipe that is ready takes PIPE_BUF bytes at least, and no line has more.
class StderrSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  /// Lines dropped since the last one that was written.
  std::uint64_t lines_dropped() const noexcept { return lines_dropped_; }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override {}

  std::uint64_t lines_dropped_ = 0;
  bool inside_line_ = false;  // a socket or a terminal took only a part
};

}  // namespace framespec::server
