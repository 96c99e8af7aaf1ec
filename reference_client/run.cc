#include "run.h"

#include <fmt/format.h>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/this_coro.hpp>
#include <csignal>
#include <exception>
#include <optional>
#include <utility>

#include "command.h"
#include "connection.h"
#include "console.h"
#include "ending_signals.h"

namespace framespec::client {

namespace {

asio::awaitable<Result<void>> carry_out(Session session, std::optional<GetTarget> target) {
  auto opened = co_await session.connection.open();
  if (!opened) co_return opened;
  session.console.detail(fmt::format("connected to {}", session.connection.peer()));
  Result<void> done;
  if (const auto* send = std::get_if<SendOptions>(&session.options.command)) {
    done = co_await send_messages(session, *send);
  } else if (const auto* exec = std::get_if<ExecOptions>(&session.options.command)) {
    done = co_await execute(session, *exec);
  } else if (const auto* get = std::get_if<GetOptions>(&session.options.command)) {
    done = co_await get_file(session, *get, *std::move(target));
  } else {
    done = co_await prompt(session);
  }
  session.console.detail(fmt::format("{} bytes sent, {} received on the wire",
                                     session.connection.bytes_sent(),
                                     session.connection.bytes_received()));
  co_return done;
}

// Everything that lives across a suspension has a name: GCC 12 destroys some temporaries of such
// expressions twice.
asio::awaitable<Result<void>> run_command(const Options& options, const Console& console,
                                          std::optional<GetTarget> target) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const ConnectionSettings settings{options.address, options.connect_timeout, options.timeout,
                                    options.nodelay};
  Connection connection(executor, settings);
  const Session session{options, console, connection};
  co_return co_await carry_out(session, std::move(target));
}

// What cannot be written is an error to be told of; where a file is to be removed at the end, that
// end is seen to already.
void ignore_where_default(int signal) {
  struct sigaction action{};
  if (::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_DFL) {
    std::signal(signal, SIG_IGN);
  }
}

// None for other commands. Only one that makes a file has something to clean up after a signal; any
// other simply ends by it.
Result<std::optional<GetTarget>> prepare_target(const Options& options, const Console& console) {
  const auto* const get = std::get_if<GetOptions>(&options.command);
  if (get == nullptr) return std::optional<GetTarget>();
  auto target = target_of(*get);
  if (!target) return std::unexpected(target.error());
  if (std::holds_alternative<FileTarget>(*target)) clean_up_on_ending_signals(console);
  return std::optional<GetTarget>(*std::move(target));
}

Result<void> run_until_done(const Options& options, const Console& console) {
  auto target = prepare_target(options, console);
  if (!target) return std::unexpected(target.error());
  ignore_where_default(SIGPIPE);
  ignore_where_default(SIGXFSZ);
  Result<void> done;
  std::exception_ptr exception;
  asio::io_context context(1);
  asio::co_spawn(context, run_command(options, console, *std::move(target)),
                 [&](const std::exception_ptr& thrown, Result<void> result) {
                   exception = thrown;
                   done = std::move(result);
                   context.stop();
                 });
  context.run();
  if (exception) std::rethrow_exception(exception);
  return done;
}

}  // namespace

int run(const Options& options) {
  const Console console({options.quiet, options.verbose, options.color});
  Result<void> done;
  try {
    done = run_until_done(options, console);
  } catch (const std::exception& exception) {
    done = unable(fmt::format("cannot go on: {}", exception.what()));
  }
  if (done) return static_cast<int>(ExitCode::kSuccess);
  console.error(done.error().message);
  return static_cast<int>(done.error().code);
}

}  // namespace framespec::client
