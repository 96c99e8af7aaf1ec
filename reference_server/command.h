// A command that runs under a guard of its own, within limits.
#pragma once

#include <sys/types.h>

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <vector>

#include "descriptor.h"
#include "framespec/bytes.h"
#include "options.h"
#include "watchdog.h"

namespace framespec::server {

struct CommandLimits {
  Seconds timeout{0};                 ///< zero: none
  std::uint64_t output_size_max = 0;  ///< stdout and stderr together
};

enum class CommandEnd : std::uint8_t { kNotStarted, kExited, kTimedOut, kTooMuchOutput, kUnwanted };

struct CommandResult {
  CommandEnd end = CommandEnd::kExited;
  std::string failure;        ///< with kNotStarted: a sentence
  bool left_running = false;  ///< a process of it could not be ended in time
  ByteVector standard_output;
  ByteVector standard_error;
};

/// Runs with /dev/null as stdin, no descriptor of ours, default signals and command_environment().
/// When the process that was started ends, or is killed, its guard kills everything that descends
/// from it, whatever group or session that is in: no command leaves a process or a zombie behind,
/// except one that nobody can kill. Waiting for that has a bound, so that finish() returns a few
/// seconds after the command has ended or was killed, whoever holds its output open.
class Command : public std::enable_shared_from_this<Command> {
 public:
  /// What it holds while it runs: two pipes, and a pidfd of the guard and the channel to it.
  static constexpr std::uint64_t kDescriptors = 4;

  /// Starts `arguments`, the program (looked up in PATH) first; a sentence if the system has no
  /// room for that. Whether the program can be run is known at the end.
  static std::expected<std::shared_ptr<Command>, std::string> start(
      const asio::any_io_executor& executor, const std::vector<std::string>& arguments,
      const CommandLimits& limits);
  ~Command();
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  /// All its output, once it has ended. Call once.
  asio::awaitable<CommandResult> finish();

  /// Kills it, if it still runs: nobody wants the result any more.
  void kill() { kill(CommandEnd::kUnwanted); }

 private:
  using Stream = asio::posix::stream_descriptor;

  Command(const asio::any_io_executor& executor, std::string program, const CommandLimits& limits);
  asio::awaitable<void> collect(Stream& stream, ByteVector& into);
  void keep(Bytes output, ByteVector& into);
  asio::awaitable<void> wait_for_exit();
  void kill(CommandEnd why);
  void lose_patience();
  void signal_guard(int signal);
  void read_reports();

  CommandLimits limits_;
  Watchdog watchdog_;
  Stream output_;
  Stream error_;
  Stream guard_;        // a pidfd: readable when the guard has ended
  Descriptor channel_;  // to the guard
  std::string program_;
  pid_t guard_pid_ = 0;  // 0 once reaped
  bool guard_is_killed_ = false;
  bool has_ended_ = false;  // all it wrote is in the pipes
  std::uint64_t output_size_ = 0;
  CommandResult result_;
};

}  // namespace framespec::server
