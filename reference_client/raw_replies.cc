#include "raw_replies.h"

namespace framespec::client {

namespace {

asio::awaitable<Result<bool>> print_segment(Connection& connection, StandardOutput& output) {
  auto segment = co_await connection.receive();
  if (!segment) co_return std::unexpected(segment.error());
  if (segment->empty()) co_return false;
  if (auto written = output.write(*segment); !written) co_return std::unexpected(written.error());
  co_return true;
}

}  // namespace

asio::awaitable<Result<bool>> print_one_receive(Connection& connection, StandardOutput& output) {
  auto more = co_await print_segment(connection, output);
  while (more && *more && connection.has_bytes()) {
    more = co_await print_segment(connection, output);
  }
  if (auto flushed = output.flush(); !flushed) co_return std::unexpected(flushed.error());
  co_return more;
}

asio::awaitable<Result<void>> print_to_the_end(Connection& connection, StandardOutput& output) {
  while (true) {
    auto more = co_await print_one_receive(connection, output);
    if (!more) co_return std::unexpected(more.error());
    if (!*more) co_return Result<void>{};
  }
}

}  // namespace framespec::client
