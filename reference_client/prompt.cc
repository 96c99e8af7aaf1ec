#include <fmt/format.h>
#include <unistd.h>

#include <asio/experimental/awaitable_operators.hpp>
#include <asio/this_coro.hpp>
#include <utility>

#include "command.h"
#include "line_reader.h"
#include "raw_replies.h"
#include "reply_reader.h"
#include "request.h"
#include "standard_output.h"

namespace framespec::client {

namespace {

constexpr std::string_view kPrompt = ">>: ";

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r\v\f") == std::string_view::npos;
}

class Dialogue {
 public:
  Dialogue(Session session, const asio::any_io_executor& executor)
      : session_(session),
        lines_(executor),
        replies_(session.connection, session.options, session.console),
        terminal_(::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1) {}

  asio::awaitable<Result<void>> run();

 private:
  asio::awaitable<Result<void>> wait_for_line();
  asio::awaitable<Result<void>> take_unasked();
  asio::awaitable<Result<void>> ask(std::string line);
  asio::awaitable<Result<void>> end();
  Result<void> print(Bytes reply);
  Result<void> show_prompt();

  bool raw() const noexcept { return session_.options.reply == Framing::kRaw; }

  Session session_;
  LineReader lines_;
  ReplyReader replies_;
  StandardOutput output_;
  bool terminal_;
};

Result<void> Dialogue::show_prompt() {
  if (!terminal_) return {};
  if (auto written = output_.write(kPrompt); !written) return written;
  return output_.flush();
}

// The next prompt, or the next reply in a pipe, starts on a line of its own.
Result<void> Dialogue::print(Bytes reply) {
  if (auto written = output_.write(reply); !written) return written;
  if (!reply.empty() && reply.back() != std::byte{'\n'}) {
    if (auto written = output_.write("\n"); !written) return written;
  }
  return output_.flush();
}

// Someone who is thinking about his next line should learn at once that the server has gone.
asio::awaitable<Result<void>> Dialogue::wait_for_line() {
  using asio::experimental::awaitable_operators::operator||;
  while (!lines_.ready()) {
    auto first = co_await (lines_.fill() || session_.connection.wait_readable());
    if (first.index() == 0) {
      auto filled = std::get<0>(first);
      if (!filled) co_return filled;
      continue;
    }
    auto taken = co_await take_unasked();
    if (!taken) co_return taken;
    if (auto shown = show_prompt(); !shown) co_return shown;
  }
  co_return Result<void>{};
}

asio::awaitable<Result<void>> Dialogue::take_unasked() {
  Result<bool> more = true;
  if (raw()) {
    more = co_await print_one_receive(session_.connection, output_);
  } else {
    more = co_await replies_.receive();
  }
  if (!more) co_return std::unexpected(more.error());
  if (!*more) {
    co_return finding(fmt::format("{} closed the connection while it was waiting for a request",
                                  session_.connection.peer()));
  }
  while (!raw()) {
    auto reply = replies_.take();
    if (!reply) co_return std::unexpected(reply.error());
    if (!*reply) break;
    session_.console.warning("a reply came that nothing had been asked for:");
    if (auto printed = print((*reply)->payload); !printed) co_return printed;
  }
  co_return Result<void>{};
}

asio::awaitable<Result<void>> Dialogue::ask(std::string line) {
  ByteVector request;
  auto appended = append_request(request, session_.options, as_bytes(line), "the line");
  if (!appended) co_return appended;
  auto sent = co_await session_.connection.send(request);
  if (!sent) co_return sent;
  if (!raw()) {
    auto reply = co_await replies_.next();
    if (!reply) co_return std::unexpected(reply.error());
    co_return print(reply->payload);
  }
  auto more = co_await print_one_receive(session_.connection, output_);
  if (!more) co_return std::unexpected(more.error());
  if (!*more) {
    co_return finding(fmt::format("{} closed the connection before anything came back",
                                  session_.connection.peer()));
  }
  co_return print(as_bytes(std::string_view("\n")));
}

// A raw reply may have been longer than what one receive gave: its rest comes before the server's
// close.
asio::awaitable<Result<void>> Dialogue::end() {
  if (!raw() || !session_.options.half_close) co_return Result<void>{};
  session_.connection.finish_sending();
  co_return co_await print_to_the_end(session_.connection, output_);
}

asio::awaitable<Result<void>> Dialogue::run() {
  while (true) {
    if (auto shown = show_prompt(); !shown) co_return shown;
    auto waited = co_await wait_for_line();
    if (!waited) co_return waited;
    auto line = co_await lines_.next();
    if (!line) co_return std::unexpected(line.error());
    if (!*line) {
      if (terminal_) {
        auto ended = output_.write("\n");  // Ctrl-D leaves the cursor behind the prompt
        if (!ended) co_return ended;
      }
      break;
    }
    if (**line == "quit" || **line == "exit") break;
    if (is_blank(**line)) continue;
    auto answered = co_await ask(**std::move(line));
    if (!answered) co_return answered;
  }
  co_return co_await end();
}

}  // namespace

asio::awaitable<Result<void>> prompt(Session session) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Dialogue dialogue(session, executor);
  co_return co_await dialogue.run();
}

}  // namespace framespec::client
