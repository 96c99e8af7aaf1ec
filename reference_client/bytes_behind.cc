#include "bytes_behind.h"

#include <fmt/format.h>

#include <chrono>

namespace framespec::client {

namespace {

using Clock = std::chrono::steady_clock;

// A server that never stops sending is told of all the same.
constexpr std::uint64_t kCountMax = std::uint64_t{1024} * 1024;

}  // namespace

asio::awaitable<Result<std::uint64_t>> bytes_behind(Session session, std::uint64_t left) {
  Connection& connection = session.connection;
  const Clock::time_point begun_at = Clock::now();
  const std::chrono::milliseconds limit = session.options.timeout;
  const bool until_end = session.options.half_close;
  if (until_end) connection.finish_sending();
  std::uint64_t count = left;
  while (count < kCountMax && (until_end || connection.has_bytes())) {
    auto segment = co_await connection.receive();
    if (!segment && count == 0) co_return std::unexpected(segment.error());
    if (!segment || segment->empty()) break;
    count += segment->size();
    // Each byte gives receive() its whole limit again: one that only trickles ends here.
    if (limit.count() > 0 && Clock::now() - begun_at > limit) break;
  }
  co_return count;
}

std::string told_of_bytes_behind(std::uint64_t count, std::string_view what) {
  return fmt::format("{}{} bytes came behind the {}; they were not asked for",
                     count < kCountMax ? "" : "at least ", count, what);
}

}  // namespace framespec::client
