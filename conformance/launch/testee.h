// The implementation under test: a server that runs already, or one that the runner launches.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "launch/command_template.h"
#include "launch/endpoint.h"
#include "launch/launch.h"
#include "launch/listening.h"
#include "launch/loopback_port.h"
#include "launch/network_namespaces.h"
#include "launch/socket_owner.h"

namespace framespec::conformance {

/// Why there is no testee to work with.
struct TesteeProblem {
  enum class Kind : std::uint8_t {
    kUnimplemented,  ///< it says so itself: exit status 89
    kUnusable,       ///< it does not start, does not listen, cannot be reached
    kCancelled,      ///< the user has had enough
  };
  Kind kind = Kind::kUnusable;
  std::string reason;               ///< a sentence
  std::string output;               ///< what it wrote, if we launched it: OutputLines::text()
  std::optional<ProcessEnd> end{};  ///< of the launched process, where that is the problem
};

/// The name that reports use: "unusable".
[[nodiscard]] std::string_view name_of(TesteeProblem::Kind kind) noexcept;

/// What to say of a testee whose command ends with status 0 as soon as it is there.
[[nodiscard]] TesteeProblem went_into_background(const Endpoint& endpoint);

/// Thread-compatible; a launched testee ends with the object.
class Testee {
 public:
  struct Launch {
    std::string command;  ///< with placeholders, see fill_command
    LaunchValues values;  ///< the port is chosen anew at each start
    std::chrono::milliseconds start_limit{60'000};
  };

  static Testee running_at(Endpoint endpoint);
  static Testee launched(Launch launch);

  /// Told of each wait for it that may last, by whoever begins one, in whatever thread: "an answer"
  /// is what follows "waiting for".
  std::function<void(std::string_view)> waits_for = [](std::string_view) {};
  const std::atomic<bool>* cancelled = nullptr;

  /// Makes sure that somebody is there: starts (again) a launched testee that does not run, and
  /// waits until it listens; tries a connection to one that runs already, once.
  [[nodiscard]] std::expected<void, TesteeProblem> ensure_ready();

  /// The launched testee's end, if it has ended since ensure_ready().
  [[nodiscard]] std::optional<ProcessEnd> died(
      std::chrono::milliseconds wait = std::chrono::milliseconds(0));

  /// Waits for the end of a launched testee if it has begun to end: it, or one of the processes
  /// that were there when it began to listen. A broken connection of one that has not is no sign of
  /// its death, and nothing is waited for.
  [[nodiscard]] std::optional<ProcessEnd> died_if_ending();

  /// Ends a launched testee. ensure_ready() starts another one, on another port: the old one's may
  /// still be in TIME_WAIT.
  void stop();

  /// The same without asking: for one that is broken already, and may not listen to SIGTERM.
  void kill();

  [[nodiscard]] bool is_launched() const noexcept { return launch_.has_value(); }
  [[nodiscard]] const Endpoint& endpoint() const noexcept { return endpoint_; }
  /// The launched process, leader of its group; 0 if there is none.
  [[nodiscard]] pid_t pid() const noexcept { return process_ ? process_->pid() : 0; }
  /// Who holds the socket with this inode; a descendant is the launched testee, or a process that
  /// it has started. Nothing where /proc shows nobody.
  [[nodiscard]] std::optional<SocketOwner> owner_of_socket(std::uint64_t inode) const;
  /// The network namespaces, other than ours, of a launched testee's processes; of one that runs
  /// already those of all processes, and of these a bounded number.
  [[nodiscard]] NetworkNamespaces network_namespaces() const;
  /// The living processes of a launched testee: it, and all that it has started.
  [[nodiscard]] std::vector<pid_t> processes() const;
  /// How its processes ended that ended by themselves once they had listened, and are let go.
  [[nodiscard]] const std::vector<ProcessEnd>& deaths() const noexcept { return deaths_; }
  /// How often a launched testee was started.
  [[nodiscard]] std::uint64_t starts() const noexcept { return starts_; }
  /// Whether one that was to end had to be killed: SIGTERM was not enough (TIM-4).
  [[nodiscard]] bool had_to_be_killed() const noexcept { return had_to_be_killed_; }

  /// Sets a mark in the testee's output; and what it has written since the last one, or since its
  /// start: OutputLines::text(). Nothing for one that we did not launch.
  void mark_output();
  [[nodiscard]] std::string output_since_mark();

 private:
  Testee() : endpoint_(Endpoint::loopback(0)) {}
  [[nodiscard]] std::expected<void, TesteeProblem> start();
  [[nodiscard]] std::expected<WaitResult, std::string> start_on_free_port();
  [[nodiscard]] std::expected<void, TesteeProblem> try_connection();
  void note_death();
  [[nodiscard]] TesteeProblem problem_at_start(const std::string& reason);

  Endpoint endpoint_;
  std::optional<Launch> launch_;
  std::optional<LoopbackPort> port_;  ///< of a launched one
  std::optional<LaunchedProcess> process_;
  std::vector<pid_t> core_;    ///< its processes when it began to listen
  bool has_listened_ = false;  ///< this process
  std::vector<ProcessEnd> deaths_;
  std::uint64_t starts_ = 0;
  bool had_to_be_killed_ = false;
  bool was_reached_ = false;  // or, if launched, has listened once
};

}  // namespace framespec::conformance
