// Where log lines go: stderr, as long as somebody takes them.
#pragma once

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "descriptor.h"

namespace framespec::server {

/// Writes each line whole, or drops and counts it when stderr does not take it now: one thread
/// serves everybody, and whoever reads stderr too slowly must not stop it.
///
/// The descriptor is shared with other processes, so it is not made non-blocking. A pipe or a
/// terminal is opened once more for that; where this is refused, and for anything else, the
/// descriptor is asked before each line. A pipe that is ready takes PIPE_BUF bytes at least, and no
/// line has more.
class StderrSink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  StderrSink();

  /// Lines dropped since the last one that was written.
  std::uint64_t lines_dropped() const noexcept { return lines_dropped_; }

  /// Counts a line that could not even be made.
  void drop_line() noexcept { ++lines_dropped_; }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override {}

  std::size_t write_what_fits(std::string_view text) const;

  Descriptor own_;  // open only where stderr could be opened once more
  std::uint64_t lines_dropped_ = 0;
  bool inside_line_ = false;  // a socket or a terminal took only a part
};

}  // namespace framespec::server
