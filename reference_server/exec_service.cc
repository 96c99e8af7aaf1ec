#include "exec_service.h"

#include <fmt/format.h>

#include <algorithm>
#include <asio/this_coro.hpp>
#include <memory>
#include <string>

namespace framespec::server {
namespace {

// One of the places for commands that run at once, while it lives.
class Place {
 public:
  explicit Place(std::uint64_t& taken) : taken_(taken) { ++taken_; }
  ~Place() { --taken_; }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

 private:
  std::uint64_t& taken_;
};

// The end of the output gives way where both do not fit: it is cut anyway, and unsaid it would look
// whole.
void append_note(ByteVector& reply, std::string_view note, std::uint64_t reply_size_max) {
  const bool at_line_start = reply.empty() || reply.back() == std::byte{'\n'};
  const std::string line = fmt::format("{}framespec-server: {}\n", at_line_start ? "" : "\n", note);
  const Bytes bytes = as_bytes(line).first(std::min<std::uint64_t>(line.size(), reply_size_max));
  if (reply.size() > reply_size_max - bytes.size()) reply.resize(reply_size_max - bytes.size());
  reply.insert(reply.end(), bytes.begin(), bytes.end());
}

ByteVector reply_of(CommandResult result, const CommandLimits& limits,
                    std::uint64_t reply_size_max) {
  ByteVector reply = std::move(result.standard_output);
  reply.insert(reply.end(), result.standard_error.begin(), result.standard_error.end());
  if (result.end == CommandEnd::kNotStarted) {
    append_note(reply, result.failure, reply_size_max);
  } else if (result.end == CommandEnd::kTimedOut) {
    append_note(reply, fmt::format("the command was ended after {} s", limits.timeout.count()),
                reply_size_max);
  } else if (result.end == CommandEnd::kTooMuchOutput) {
    append_note(
        reply,
        fmt::format("the command was ended after {} bytes of output", limits.output_size_max),
        reply_size_max);
  }
  return reply;
}

}  // namespace

ExecService::ExecService(const Options& options, Log& log)
    : options_(options), log_(log), rules_(options.exec_commands, options.exec_programs) {}

asio::awaitable<Outcome> ExecService::answer(Request request, ReplyWriter& writer,
                                             PeerWatch& peer) {
  // The answers before this one are complete and must not wait for the command (TIM-3).
  const Outcome flushed = co_await writer.flush_before_work();
  if (!flushed) co_return flushed;

  const std::uint64_t reply_size_max = writer.format().framing == Framing::kRaw
                                           ? kPayloadSizeMax
                                           : writer.format().dialect.payload_size_max;
  const CommandLimits limits{
      .timeout = options_.exec_timeout,
      .output_size_max = std::min(options_.exec_output_size_max, reply_size_max)};
  ByteVector reply;
  const std::string_view text = request.text();
  auto arguments = rules_.arguments_for(text);
  if (arguments && running_ >= options_.exec_at_once) {
    arguments = std::unexpected(
        fmt::format("{} commands run already, as many as may at once; try again later", running_));
  }
  if (!arguments) {
    log_.warn("command_refused").with("command", text).with("detail", arguments.error());
    append_note(reply, arguments.error(), reply_size_max);
  } else {
    log_.info("command_started").with("command", text);
    CommandResult result = co_await run(*arguments, limits, peer);
    if (result.left_running) {
      log_.warn("command_left_running")
          .with("command", text)
          .with("detail", "not all of its processes could be ended");
    }
    if (result.end == CommandEnd::kUnwanted) {
      co_return peer_gone("the peer was gone while its command ran");
    }
    reply = reply_of(std::move(result), limits, reply_size_max);
  }
  const ReplyMeta meta{.lead = request.lead, .filename = "exec"};
  co_return co_await writer.reply(reply, meta);
}

asio::awaitable<CommandResult> ExecService::run(const std::vector<std::string>& arguments,
                                                const CommandLimits& limits, PeerWatch& peer) {
  const auto executor = co_await asio::this_coro::executor;
  const auto command = Command::start(executor, arguments, limits);
  if (!command) {
    CommandResult result;
    result.end = CommandEnd::kNotStarted;
    result.failure = command.error();
    co_return result;
  }
  const Place place(running_);
  peer.start([running = *command] { running->kill(); });
  CommandResult result = co_await (*command)->finish();
  peer.stop();
  co_return result;
}

}  // namespace framespec::server
