// Puts a load on an echo server: many connections, one thread, one epoll instance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>

#include "framespec/dialect.h"
#include "statistics/latency_histogram.h"

namespace framespec::bench {

struct Load {
  std::uint16_t port = 0;  ///< on 127.0.0.1
  const Dialect* dialect = nullptr;
  std::size_t payload_size = 64;  ///< EchoFrame::kStampSize at least
  std::size_t connection_count = 1;
  double warm_up_s = 0;  ///< the same load before it, which does not count
  double duration_s = 1;

  /// Closed loop: each connection has so many frames on their way, and sends the next one when one
  /// has come back. A server that stalls is asked for less meanwhile, and its latencies tell little
  /// of it; what counts is the frames a second.
  std::size_t in_flight = 1;

  /// Open loop: so many frames a second, whatever comes back, the connections in turn. The time of
  /// each counts from when it was *meant* to be sent, so that all frames that wait behind a stall
  /// have it in their latency. The load does not sleep then.
  std::optional<double> frames_per_s = std::nullopt;

  /// Processor time that the server has used up to now, if it can be told.
  std::function<std::int64_t()> server_cpu_ns = [] { return std::int64_t{0}; };
  /// Longest time in which nothing happens while echoes are due, and, in the open loop, that the
  /// server may be behind at the end.
  double patience_s = 30;
};

struct LoadResult {
  LatencyHistogram latencies = {};  ///< of the frames that count
  double duration_s = 0;            ///< closed loop: in which they came back
  std::int64_t server_cpu_ns = 0;   ///< what they cost the server
};

/// Connects, one frame there and back on each connection; loads; and closes, which the server must
/// answer by the same. Each echo is compared byte for byte. The error is a sentence: what came back
/// wrong, a connection that ended, a server that fell silent.
std::expected<LoadResult, std::string> put_load(const Load& load);

}  // namespace framespec::bench
