#include "command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/ioctl.h>
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
#include <csignal>
#include <optional>
#include <system_error>

#include "descriptor.h"

namespace framespec::server {
namespace {

struct Pipe {
  Descriptor read;
  Descriptor write;
};

std::optional<Pipe> open_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

// Owns what posix_spawn needs to be told.
class SpawnPlan {
 public:
  SpawnPlan(int output, int error) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, error, STDERR_FILENO);
    // Asio's sockets are not close-on-exec, and a connection held open by a command would not end.
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);

    posix_spawnattr_init(&attributes_);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setpgroup(&attributes_, 0);
    sigset_t signals;
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes_, &signals);
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes_, &signals);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  // 0, or the number of an error.
  int spawn(const std::vector<std::string>& arguments, pid_t& pid) const {
    std::vector<char*> argv;
    argv.reserve(arguments.size() + 1);
    // posix_spawn takes char*, and changes nothing.
    for (const std::string& argument : arguments) {
      argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);
    return ::posix_spawnp(&pid, argv[0], &actions_, &attributes_, argv.data(), environ);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

std::size_t bytes_waiting(asio::posix::stream_descriptor& pipe) {
  int size = 0;
  if (!pipe.is_open() || ::ioctl(pipe.native_handle(), FIONREAD, &size) != 0) return 0;
  return static_cast<std::size_t>(size);
}

}  // namespace

Command::Command(const asio::any_io_executor& executor, const CommandLimits& limits)
    : limits_(limits),
      watchdog_(executor, [this] { kill(CommandEnd::kTimedOut); }),
      output_(executor),
      error_(executor),
      process_(executor) {}

Command::~Command() {
  if (pid_ == 0) return;
  ::kill(-pid_, SIGKILL);
  reap();
}

std::expected<std::shared_ptr<Command>, std::string> Command::start(
    const asio::any_io_executor& executor, const std::vector<std::string>& arguments,
    const CommandLimits& limits) {
  const auto refused = [&](int error) {
    return std::unexpected(fmt::format("cannot run {}: {}", arguments.front(),
                                       std::generic_category().message(error)));
  };
  auto output = open_pipe();
  auto error = open_pipe();
  if (!output || !error) return refused(errno);

  std::shared_ptr<Command> command(new Command(executor, limits));
  const SpawnPlan plan(output->write.get(), error->write.get());
  if (const int failed = plan.spawn(arguments, command->pid_); failed != 0) {
    command->pid_ = 0;
    return refused(failed);
  }
  // By number: glibc 2.36 declares pidfd_open without C linkage.
  Descriptor process(static_cast<int>(::syscall(SYS_pidfd_open, command->pid_, 0)));
  if (!process.is_open()) return refused(errno);

  std::error_code assigned;
  command->process_.assign(process.release(), assigned);
  if (!assigned) command->output_.assign(output->read.release(), assigned);
  if (!assigned) command->error_.assign(error->read.release(), assigned);
  if (assigned) return refused(assigned.value());
  return command;
}

asio::awaitable<CommandResult> Command::finish() {
  using namespace asio::experimental::awaitable_operators;
  const auto self = shared_from_this();
  if (limits_.timeout > Seconds::zero()) {
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
  if (kept.size() < output.size()) kill(CommandEnd::kTooMuchOutput);
}

asio::awaitable<void> Command::wait_for_exit() {
  std::error_code ignored;
  co_await process_.async_wait(Stream::wait_read,
                               asio::redirect_error(asio::use_awaitable, ignored));
  // Before it is reaped: until then the number of the group cannot belong to anybody else.
  ::kill(-pid_, SIGKILL);
  reap();
  has_ended_ = true;
  output_.cancel(ignored);
  error_.cancel(ignored);
}

void Command::kill(CommandEnd why) {
  if (result_.end == CommandEnd::kExited) result_.end = why;
  if (pid_ != 0) ::kill(-pid_, SIGKILL);
  // Not until the end of their streams: a process that left the group may hold them open.
  std::error_code ignored;
  output_.close(ignored);
  error_.close(ignored);
}

void Command::reap() noexcept {
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
}

}  // namespace framespec::server
