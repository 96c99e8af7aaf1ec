#include "run.h"

#include <fmt/format.h>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <asio/this_coro.hpp>
#include <csignal>
#include <exception>
#include <optional>
#include <utility>

#include "command.h"
#include "connection.h"
#include "console.h"

namespace framespec::client {

namespace {

asio::awaitable<Result<void>> carry_out(Session session) {
  std::optional<FileTarget> target;
  if (const auto* get = std::get_if<GetOptions>(&session.options.command)) {
    auto judged = target_of(*get);
    if (!judged) co_return std::unexpected(judged.error());
    target = *std::move(judged);
  }
  auto opened = co_await session.connection.open();
  if (!opened) co_return opened;
  session.console.detail(fmt::format("connected to {}", session.connection.peer()));
  Result<void> done;
  if (const auto* send = std::get_if<SendOptions>(&session.options.command)) {
    done = co_await send_messages(session, *send);
  } else if (const auto* exec = std::get_if<ExecOptions>(&session.options.command)) {
    done = co_await execute(session, *exec);
  } else if (const auto* get = std::get_if<GetOptions>(&session.options.command)) {
    done = co_await get_file(session, *get, target);
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
asio::awaitable<Result<void>> run_command(const Options& options, const Console& console) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const ConnectionSettings settings{options.address, options.connect_timeout, options.timeout,
                                    options.nodelay};
  Connection connection(executor, settings);
  const Session session{options, console, connection};
  co_return co_await carry_out(session);
}

bool is_ignored(int signal) {
  struct sigaction action{};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

// Only a command that has something to clean up listens to signals; any other simply ends by them.
void listen_to_signals(asio::signal_set& signals, const Options& options) {
  const auto* const get = std::get_if<GetOptions>(&options.command);
  if (get == nullptr || get->output == "-") return;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
    if (!is_ignored(signal))
      signals.add(signal);  // nohup, and `&` in a script, have asked for that
  }
}

struct Ending {
  std::optional<Result<void>> result;  // none if a signal came first
  int signal = 0;
};

// The coroutine, with its connection and temporary file, is gone when this returns.
Ending run_until_done(const Options& options, const Console& console) {
  Ending ending;
  std::exception_ptr exception;
  asio::io_context context(1);
  asio::signal_set signals(context);
  listen_to_signals(signals, options);
  signals.async_wait([&](const std::error_code& error, int signal) {
    if (error) return;
    ending.signal = signal;
    context.stop();
  });
  asio::co_spawn(context, run_command(options, console),
                 [&](const std::exception_ptr& thrown, Result<void> result) {
                   exception = thrown;
                   ending.result = std::move(result);
                   context.stop();
                 });
  context.run();
  if (exception) std::rethrow_exception(exception);
  return ending;
}

}  // namespace

int run(const Options& options) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  const Console console({options.quiet, options.verbose, options.color});
  Ending ending;
  try {
    ending = run_until_done(options, console);
  } catch (const std::exception& exception) {
    console.error(fmt::format("cannot go on: {}", exception.what()));
    return static_cast<int>(ExitCode::kUnable);
  }
  if (!ending.result) {
    console.error(fmt::format("ended by signal {}; no file was stored", ending.signal));
    // Ending by the signal itself lets a shell script stop as well.
    std::signal(ending.signal, SIG_DFL);
    std::raise(ending.signal);
  }
  if (ending.result && !*ending.result) {
    const Failure& failure = ending.result->error();
    console.error(failure.message);
    return static_cast<int>(failure.code);
  }
  return static_cast<int>(ExitCode::kSuccess);
}

}  // namespace framespec::client
