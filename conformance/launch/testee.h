// The implementation under test: a server or a client, that runs already or is launched.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "launch/endpoint.h"
#include "launch/launch.h"
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

/// Thread-compatible; a launched testee ends with the object. What follows is true of all kinds;
/// server_testee.h and client_testee.h have them.
class Testee {
 public:
  Testee(const Testee&) = delete;
  Testee& operator=(const Testee&) = delete;
  virtual ~Testee() = default;

  /// Told of each wait for it that may last, by whoever begins one, in whatever thread: "an answer"
  /// is what follows "waiting for".
  std::function<void(std::string_view)> waits_for = [](std::string_view) {};
  const std::atomic<bool>* cancelled = nullptr;

  /// Makes sure that somebody is there, or can be had: starts (again) a launched one that does not
  /// run, and waits until it listens; tries a connection to a server that runs already, once;
  /// listens for a client.
  [[nodiscard]] virtual std::expected<void, TesteeProblem> ensure_ready() = 0;

  /// A connection with it, non-blocking and closed on exec: to a server, with patience until
  /// `deadline`; from a client, which has as long as the start of a testee may take.
  [[nodiscard]] virtual std::expected<UniqueFd, Endpoint::ConnectError> connect(
      std::chrono::steady_clock::time_point deadline) = 0;

  /// Whether it is a client: it has one connection at a time.
  [[nodiscard]] virtual bool is_client() const noexcept { return false; }
  /// Whether it lives for one connection, and ends by itself when that has ended.
  [[nodiscard]] virtual bool ends_with_connection() const noexcept { return false; }
  /// Lets go of a testee that ends with its connection: whatever is left of it is ended.
  virtual void let_go() {}
  /// Whether a client has connected once more than it was asked to; seen, and left waiting.
  [[nodiscard]] virtual bool has_come_again() { return false; }
  /// Closes the connections of a client that wait beside the one that it was asked for: how many.
  virtual std::size_t turn_away() { return 0; }
  /// Where it shows what it has received, if not on the connection: the reading end of its standard
  /// output, non-blocking, ours as long as it is there; else -1.
  [[nodiscard]] virtual int answers_fd() const noexcept { return -1; }

  /// The launched testee's end, if it has ended since ensure_ready().
  [[nodiscard]] std::optional<ProcessEnd> died(
      std::chrono::milliseconds wait = std::chrono::milliseconds(0));

  /// Waits for the end of a launched testee if it has begun to end: it, or one of the processes
  /// that were there when it was ready. A broken connection of one that has not is no sign of its
  /// death, and nothing is waited for.
  [[nodiscard]] std::optional<ProcessEnd> died_if_ending();

  /// Ends a launched testee. ensure_ready() starts another one.
  void stop();

  /// The same without asking: for one that is broken already, and may not listen to SIGTERM.
  void kill();

  [[nodiscard]] bool is_launched() const noexcept { return is_launched_; }
  /// Where a server listens; where we do, for a client.
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
  /// How its processes ended that ended by themselves once they were ready, and are let go. One
  /// that ends with its connection is none of them.
  [[nodiscard]] const std::vector<ProcessEnd>& deaths() const noexcept { return deaths_; }
  /// Whether the last of these left processes behind, which may have served in its place.
  [[nodiscard]] bool has_left_others() const noexcept { return has_left_others_; }
  /// How often a launched testee was started; one that ends with its connection counts once.
  [[nodiscard]] std::uint64_t starts() const noexcept { return starts_; }
  /// Whether one that was to end had to be killed: SIGTERM was not enough (TIM-4).
  [[nodiscard]] bool had_to_be_killed() const noexcept { return had_to_be_killed_; }

  /// Sets a mark in the testee's output; and what it has written since the last one, or since its
  /// start: OutputLines::text(). Nothing for one that we did not launch.
  void mark_output();
  [[nodiscard]] std::string output_since_mark();

 protected:
  Testee(Endpoint endpoint, bool is_launched)
      : endpoint_(std::move(endpoint)), is_launched_(is_launched) {}

  /// The process is there, and has not been of use yet.
  void begin_with(LaunchedProcess process);
  /// It listens, or has connected.
  void note_ready();
  /// The process is let go, however it ended; with it goes what was its own.
  virtual void forget_process() { process_.reset(); }
  [[nodiscard]] TesteeProblem problem_at_start(const std::string& reason,
                                               const std::string& dialect);

  Endpoint endpoint_;
  std::optional<LaunchedProcess> process_;
  std::uint64_t starts_ = 0;
  bool was_reached_ = false;  ///< or, if launched, has been ready once

 private:
  void note_death();

  bool is_launched_;
  std::vector<pid_t> core_;  ///< its processes when it was ready
  bool is_ready_ = false;    ///< this process
  std::vector<ProcessEnd> deaths_;
  bool has_left_others_ = false;
  bool had_to_be_killed_ = false;
};

}  // namespace framespec::conformance
