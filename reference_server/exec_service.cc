#include "exec_service.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <asio/this_coro.hpp>
#include <memory>
#include <string>

#include "command.h"

namespace framespec::server {
namespace {

void append_note(ByteVector& reply, std::string_view note) {
  const bool at_line_start = reply.empty() || reply.back() == std::byte{'\n'};
  const std::string line = fmt::format("{}framespec-server: {}\n", at_line_start ? "" : "\n", note);
  const Bytes bytes = as_bytes(line);
  reply.insert(reply.end(), bytes.begin(), bytes.end());
}

ByteVector reply_of(CommandResult result, const CommandLimits& limits) {
  ByteVector reply = std::move(result.standard_output);
  reply.insert(reply.end(), result.standard_error.begin(), result.standard_error.end());
  if (result.end == CommandEnd::kTimedOut) {
    append_note(reply, fmt::format("the command was ended after {} s", limits.timeout.count()));
  } else if (result.end == CommandEnd::kTooMuchOutput) {
    append_note(reply, fmt::format("the command was ended after {} bytes of output",
                                   limits.output_size_max));
  }
  return reply;
}

// A peer that only shut down its sending side still waits for the answer (EOS-4); urgent data wakes
// the same wait.
bool is_gone(Socket& socket) {
  pollfd state{.fd = socket.native_handle(), .events = 0, .revents = 0};
  return ::poll(&state, 1, 0) == 1 && (state.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
}

}  // namespace

ExecService::ExecService(const Options& options, Log& log)
    : options_(options), log_(log), rules_(options.exec_commands, options.exec_programs) {}

asio::awaitable<Outcome> ExecService::answer(Request request, ReplyWriter& writer) {
  // The answers before this one are complete and must not wait for the command (TIM-3).
  const Outcome flushed = co_await writer.flush();
  if (!flushed) co_return flushed;

  const std::uint64_t reply_size_max = writer.format().framing == Framing::kRaw
                                           ? kPayloadSizeMax
                                           : writer.format().dialect.payload_size_max;
  const CommandLimits limits{
      .timeout = options_.exec_timeout,
      .output_size_max = std::min(options_.exec_output_size_max, reply_size_max)};
  ByteVector reply;
  const std::string_view text = request.text();
  const auto arguments = rules_.arguments_for(text);
  if (!arguments) {
    log_.warn("command_refused").with("command", text).with("detail", arguments.error());
    append_note(reply, arguments.error());
  } else {
    log_.info("command_started").with("command", text);
    const auto executor = co_await asio::this_coro::executor;
    const auto command = Command::start(executor, *arguments, limits);
    if (!command) {
      append_note(reply, command.error());
    } else {
      // Also woken when the session is aborted, and when the wait below is over.
      writer.socket().async_wait(Socket::wait_error, [watched = std::weak_ptr<Command>(*command),
                                                      &writer](const std::error_code& error) {
        const auto running = watched.lock();
        if (running && (error || is_gone(writer.socket()))) running->kill();
      });
      CommandResult result = co_await (*command)->finish();
      std::error_code ignored;
      writer.socket().cancel(ignored);
      if (result.end == CommandEnd::kUnwanted) {
        co_return std::unexpected(
            ConnectionEnd{.kind = EndKind::kReset,
                          .error = {},
                          .detail = "the peer was gone while its command ran"});
      }
      reply = reply_of(std::move(result), limits);
    }
  }
  if (reply.size() > reply_size_max) reply.resize(reply_size_max);
  const ReplyMeta meta{.lead = request.lead, .filename = "exec"};
  co_return co_await writer.reply(reply, meta);
}

}  // namespace framespec::server
