#include <fmt/format.h>

#include "command.h"
#include "framespec/bytes.h"
#include "raw_replies.h"
#include "reply_reader.h"
#include "request.h"
#include "standard_output.h"

namespace framespec::client {

namespace {

asio::awaitable<Result<void>> print_raw_reply(Session session) {
  StandardOutput output;
  if (session.options.half_close) {
    // The server's close is the only end that a raw reply has, and our half-close asks for it.
    session.connection.finish_sending();
    co_return co_await print_to_the_end(session.connection, output);
  }
  auto more = co_await print_one_receive(session.connection, output);
  if (!more) co_return std::unexpected(more.error());
  co_return Result<void>{};
}

asio::awaitable<Result<void>> print_framed_reply(Session session) {
  ReplyReader replies(session.connection, session.options, session.console);
  auto reply = co_await replies.next();
  if (!reply) co_return std::unexpected(reply.error());
  session.console.detail(fmt::format("a reply of {} bytes", reply->payload.size()));
  if (replies.bytes_left() > 0) {
    session.console.warning(fmt::format("{} bytes came behind the reply; they were not asked for",
                                        replies.bytes_left()));
  }
  StandardOutput output;
  if (auto written = output.write(reply->payload); !written) co_return written;
  co_return output.flush();
}

}  // namespace

asio::awaitable<Result<void>> execute(Session session, const ExecOptions& exec) {
  ByteVector request;
  auto appended = append_request(request, session.options, as_bytes(exec.command), "the command");
  if (!appended) co_return appended;
  // A command whose output nobody takes must end. Our death alone would look to the server like the
  // half-close of a client that still waits.
  session.connection.reset_when_dropped(true);
  auto sent = co_await session.connection.send(request);
  if (!sent) co_return sent;
  Result<void> printed;
  if (session.options.reply == Framing::kRaw) {
    printed = co_await print_raw_reply(session);
  } else {
    printed = co_await print_framed_reply(session);
  }
  if (printed) session.connection.reset_when_dropped(false);
  co_return printed;
}

}  // namespace framespec::client
