#include "command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <asio/buffer.hpp>
#include <asio/experimental/awaitable_operators.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <optional>
#include <system_error>
#include <utility>

#include "command_environment.h"
#include "command_guard.h"

namespace framespec::server {
namespace {

constexpr std::chrono::milliseconds kGuardPatience{kEndingMax_ms + 2000};
constexpr std::chrono::milliseconds kKernelPatience{1000};

std::string cannot_run(const std::string& program, int error) {
  return fmt::format("cannot run {}: {}", program, std::generic_category().message(error));
}

struct Pipe {
  Descriptor read;
  Descriptor write;
};

std::optional<Pipe> open_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

struct Channel {
  Descriptor ours;
  Descriptor of_guard;
};

std::optional<Channel> open_channel() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    return std::nullopt;
  }
  return Channel{Descriptor(ends[0]), Descriptor(ends[1])};
}

// Does nothing after an error.
void hand_over(Descriptor& from, asio::posix::stream_descriptor& to, std::error_code& error) {
  if (error) return;
  to.assign(from.get(), error);
  if (!error) (void)from.release();
}

// As exec takes them: pointers, and a null at the end. They are never written through.
std::vector<char*> pointers_to(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// The number of the guard, or -1.
pid_t fork_guard(const GuardTask& task) {
  // Blocked in both: our handlers would run in the guard too, and tell us of its signals.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t guard = ::fork();
  if (guard == 0) become_guard(task);
  const int error = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return guard;
}

std::size_t bytes_waiting(asio::posix::stream_descriptor& pipe) {
  int size = 0;
  if (!pipe.is_open() || ::ioctl(pipe.native_handle(), FIONREAD, &size) != 0) return 0;
  return static_cast<std::size_t>(size);
}

}  // namespace

Command::Command(const asio::any_io_executor& executor, std::string program,
                 const CommandLimits& limits)
    : limits_(limits),
      watchdog_(executor, [this] { lose_patience(); }),
      output_(executor),
      error_(executor),
      guard_(executor),
      program_(std::move(program)) {}

// Only where finish() was left by an exception, or not reached.
Command::~Command() {
  if (guard_pid_ == 0) return;
  channel_.reset();
  // A guard that was never told to start ends at once.
  ::waitpid(guard_pid_, nullptr, guard_.is_open() ? WNOHANG : 0);
}

std::expected<std::shared_ptr<Command>, std::string> Command::start(
    const asio::any_io_executor& executor, const std::vector<std::string>& arguments,
    const CommandLimits& limits) {
  const auto refused = [&](int error) {
    return std::unexpected(cannot_run(arguments.front(), error));
  };
  auto output = open_pipe();
  auto error = open_pipe();
  auto channel = open_channel();
  if (!output || !error || !channel) return refused(errno);

  std::shared_ptr<Command> command(new Command(executor, arguments.front(), limits));
  const std::vector<std::string> variables = command_environment();
  const std::vector<char*> words = pointers_to(arguments);
  const std::vector<char*> environment = pointers_to(variables);
  const pid_t guard = fork_guard({.channel = channel->of_guard.get(),
                                  .output = output->write.get(),
                                  .error = error->write.get(),
                                  .arguments = words.data(),
                                  .environment = environment.data()});
  if (guard < 0) return refused(errno);
  command->guard_pid_ = guard;
  command->channel_ = std::move(channel->ours);
  // By number: glibc 2.36 declares pidfd_open without C linkage.
  Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, guard, 0)));
  if (!process.is_open()) return refused(errno);

  std::error_code assigned;
  hand_over(output->read, command->output_, assigned);
  hand_over(error->read, command->error_, assigned);
  hand_over(process, command->guard_, assigned);
  if (assigned) return refused(assigned.value());
  constexpr char kStart = 's';
  (void)::send(command->channel_.get(), &kStart, sizeof kStart, MSG_NOSIGNAL);
  return command;
}

asio::awaitable<CommandResult> Command::finish() {
  using namespace asio::experimental::awaitable_operators;
  const auto self = shared_from_this();
  if (limits_.timeout > Seconds::zero() && result_.end == CommandEnd::kExited) {
    watchdog_.set(Watchdog::Clock::now() +
                  std::chrono::duration_cast<Watchdog::Clock::duration>(limits_.timeout));
  }
  co_await (collect(output_, result_.standard_output) && collect(error_, result_.standard_error) &&
            wait_for_exit());
  watchdog_.clear();
  co_return std::move(result_);
}

asio::awaitable<void> Command::collect(Stream& stream, ByteVector& into) {
  std::array<std::byte, 4096> piece;
  while (!has_ended_) {
    std::error_code error;
    const std::size_t size = co_await stream.async_read_some(
        asio::buffer(piece), asio::redirect_error(asio::use_awaitable, error));
    if (error) break;
    keep(Bytes(piece).first(size), into);
  }
  // No more than is there now: whoever else holds the pipe may write into it for ever.
  for (std::size_t left = bytes_waiting(stream); left > 0;) {
    const ssize_t size = ::read(stream.native_handle(), piece.data(), std::min(left, piece.size()));
    if (size <= 0) break;
    left -= static_cast<std::size_t>(size);
    keep(Bytes(piece).first(static_cast<std::size_t>(size)), into);
  }
}

void Command::keep(Bytes output, ByteVector& into) {
  const std::uint64_t room = limits_.output_size_max - output_size_;
  const Bytes kept = output.first(std::min<std::uint64_t>(output.size(), room));
  into.insert(into.end(), kept.begin(), kept.end());
  output_size_ += kept.size();
  if (kept.size() == output.size()) return;
  kill(CommandEnd::kTooMuchOutput);
  // One that has ended by itself meanwhile has written too much all the same.
  if (result_.end == CommandEnd::kExited) result_.end = CommandEnd::kTooMuchOutput;
}

asio::awaitable<void> Command::wait_for_exit() {
  // A wait can end without a cause: an event of a descriptor that was closed counts for one that is
  // opened at once thereafter.
  std::error_code error;
  int status = 0;
  pid_t reaped = 0;
  while (reaped == 0 && !error) {
    co_await guard_.async_wait(Stream::wait_read, asio::redirect_error(asio::use_awaitable, error));
    reaped = ::waitpid(guard_pid_, &status, WNOHANG);
  }
  const bool is_reaped = reaped == guard_pid_;
  // A guard that was killed has not seen to the end of the others.
  result_.left_running = !is_reaped || !WIFEXITED(status);
  read_reports();
  guard_pid_ = 0;
  has_ended_ = true;
  std::error_code ignored;
  output_.cancel(ignored);
  error_.cancel(ignored);
}

void Command::read_reports() {
  GuardReport report;
  while (::recv(channel_.get(), &report, sizeof report, MSG_DONTWAIT) == sizeof report) {
    if (report.left_running) result_.left_running = true;
    if (report.start_error == 0 || result_.end != CommandEnd::kExited) continue;
    result_.end = CommandEnd::kNotStarted;
    result_.failure = cannot_run(program_, report.start_error);
  }
}

void Command::kill(CommandEnd why) {
  if (guard_pid_ == 0 || result_.end != CommandEnd::kExited) return;
  result_.end = why;
  ::shutdown(channel_.get(), SHUT_WR);
  signal_guard(SIGCONT);  // the command may have stopped it
  watchdog_.set(Watchdog::Clock::now() + kGuardPatience);
  std::error_code ignored;
  output_.close(ignored);
  error_.close(ignored);
}

// The command's time is up; then, that of the guard to end it; then, the kernel's to end the guard.
void Command::lose_patience() {
  if (result_.end == CommandEnd::kExited) {
    kill(CommandEnd::kTimedOut);
  } else if (!std::exchange(guard_is_killed_, true)) {
    signal_guard(SIGKILL);
    watchdog_.set(Watchdog::Clock::now() + kKernelPatience);
  } else {
    std::error_code ignored;
    guard_.cancel(ignored);
  }
}

// Through the pidfd, and so never somebody else.
void Command::signal_guard(int signal) {
  // By number, for the same reason.
  (void)::syscall(SYS_pidfd_send_signal, guard_.native_handle(), signal, nullptr, 0);
}

}  // namespace framespec::server
