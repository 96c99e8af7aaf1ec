// A command that runs as a process group of its own, within limits.
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

#include "framespec/bytes.h"
#include "options.h"
#include "watchdog.h"

namespace framespec::server {

struct CommandLimits {
  Seconds timeout{0};                 ///< zero: none
  std::uint64_t output_size_max = 0;  ///< stdout and stderr together
};

enum class CommandEnd : std::uint8_t { kExited, kTimedOut, kTooMuchOutput, kUnwanted };

struct CommandResult {
  CommandEnd end = CommandEnd::kExited;
  ByteVector standard_output;
  ByteVector standard_error;
};

/// Runs with /dev/null as stdin, no descriptor of ours, default signals. When the process that was
/// started ends, or is killed, everything left of its group is killed too, and it is reaped: no
/// command leaves a process or a zombie behind, except one that makes itself a new session. Such a
/// one is not waited for, although it may hold the output open.
class Command : public std::enable_shared_from_this<Command> {
 public:
  /// What it holds while it runs: two pipes and a pidfd.
  static constexpr std::uint64_t kDescriptors = 3;

  /// Starts `arguments`, the program (looked up in PATH) first; a sentence if that is impossible.
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

  Command(const asio::any_io_executor& executor, const CommandLimits& limits);
  asio::awaitable<void> collect(Stream& stream, ByteVector& into);
  void keep(Bytes output, ByteVector& into);
  asio::awaitable<void> wait_for_exit();
  void kill(CommandEnd why);
  void reap() noexcept;

  CommandLimits limits_;
  Watchdog watchdog_;
  Stream output_;
  Stream error_;
  Stream process_;          // a pidfd: readable when the process has ended
  pid_t pid_ = 0;           // 0 once reaped; until then it is the group's too, and nobody else's
  bool has_ended_ = false;  // all it wrote is in the pipes
  std::uint64_t output_size_ = 0;
  CommandResult result_;
};

}  // namespace framespec::server
