// Starts a testee as a process of ours, and ends it whatever happens.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "launch/testee_guard.h"
#include "launch/testee_output.h"
#include "launch/unique_fd.h"

namespace framespec::conformance {

/// By convention (BoringSSL's) a testee that does not implement what is asked ends with this
/// status.
inline constexpr int kExitUnimplemented = 89;

/// How a process ended.
struct ProcessEnd {
  int status = 0;  ///< exit status; meaningless when a signal ended it
  int signal = 0;  ///< 0: it exited by itself
  /// The guard that we had put over it was killed or stopped; then we have ended it.
  bool had_lost_guard = false;

  bool operator==(const ProcessEnd&) const = default;
};

/// Whether a signal ended it, or what a shell in between ran: of that the shell tells by the status
/// 128 + signal. Such a status is believed where the signal is one that breaks off a program.
[[nodiscard]] bool was_killed(const ProcessEnd& end) noexcept;

/// "exited with status 3", "was killed by signal 11 (Segmentation fault)".
[[nodiscard]] std::string to_string(const ProcessEnd& end);

/// A testee's process group.
///
/// The command is run by `/bin/sh -c` in a process group of its own, in the runner's session, with
/// standard input from /dev/null and both outputs captured. Ending it means the whole group and
/// whatever went into the background from it: SIGTERM, a bounded wait, SIGKILL. The destructor ends
/// it, and so does the death of the runner: the testee is the child of a guard process. What gets
/// rid of its guard is ended by the runner, which adopts it (launch/adopted.h).
class LaunchedProcess {
 public:
  using Environment = std::vector<std::pair<std::string, std::string>>;

  /// What becomes of its standard output.
  enum class StandardOutput : std::uint8_t {
    kWithErrors,  ///< in output(), with its standard error
    kApart,       ///< a pipe for the caller: standard_output()
  };

  /// Starts `command` with `environment` added to ours. An error is a sentence (no more processes,
  /// no more descriptors); a command that does not exist is seen as exit status 127.
  [[nodiscard]] static std::expected<LaunchedProcess, std::string> start(
      const std::string& command, const Environment& environment,
      StandardOutput standard_output = StandardOutput::kWithErrors);

  LaunchedProcess(LaunchedProcess&& other) noexcept;
  LaunchedProcess& operator=(LaunchedProcess&& other) noexcept;
  ~LaunchedProcess();

  /// The process that was started, and its group.
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }

  /// Of whom all that it starts is descended, also what leaves its group or session.
  [[nodiscard]] pid_t guard_pid() const noexcept { return guard_pid_; }

  /// How it ended, if it has. Waits for at most `wait`.
  [[nodiscard]] std::optional<ProcessEnd> ended(
      std::chrono::milliseconds wait = std::chrono::milliseconds(0));

  /// Ends everybody: SIGTERM, at most `grace` for all to end, SIGKILL for who is left. False when
  /// SIGKILL was needed.
  bool stop(std::chrono::milliseconds grace = std::chrono::seconds(5));

  [[nodiscard]] TesteeOutput& output() noexcept { return *output_; }

  /// With StandardOutput::kApart: the reading end of its pipe, non-blocking; else -1. Whoever does
  /// not read it lets the testee block when it is full.
  [[nodiscard]] int standard_output() const noexcept { return standard_output_.get(); }

 private:
  LaunchedProcess() = default;
  [[nodiscard]] std::optional<GuardReport> next_report(std::chrono::milliseconds limit) const;
  void end_without_guard();
  void let_guard_go();

  pid_t pid_ = -1;
  std::optional<ProcessEnd> end_;
  bool had_to_be_killed_ = false;
  std::unique_ptr<TesteeOutput> output_;
  UniqueFd standard_output_;
  pid_t guard_pid_ = -1;
  UniqueFd channel_;  // to the guard, which acts when this closes
  UniqueFd pidfd_;    // tells of the testee's end before the guard gets round to it
};

}  // namespace framespec::conformance
