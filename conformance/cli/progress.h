// Shows on standard error how a run goes on.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <tuple>

#include "report/terminal.h"
#include "runner/known_failures.h"
#include "runner/run_observer.h"
#include "runner/verdict.h"

namespace framespec::conformance {

enum class Detail : std::uint8_t { kQuiet, kNormal, kVerbose };

/// On a terminal one line that changes: done of all, deviations, the time that has passed, about
/// how much is left, the plan under way; and of a wait that lasts, what is waited for and since
/// when. Elsewhere (a log of a CI job) a line at the start and the end of a dialect, and one every
/// ten seconds in between. In both a line of its own for each failure as it happens: the first of
/// its case and kind; those that follow are only counted.
///
/// Quiet it shows nothing; verbose it has a line for each check that was judged.
///
/// A thread of its own keeps the line moving while the run stands still.
class Progress final : public RunObserver {
 public:
  /// What is known is no news, and is counted by itself. `known` may be null.
  Progress(const KnownFailures* known, Detail detail);
  ~Progress() override;

  void dialect_begins(std::string_view name, std::size_t plans) override;
  void plan_begins(std::string_view id) override;
  void plan_ended(const PlanResult& result) override;
  void waits_for(std::string_view what) override;

  /// Takes the line away, so that something else can be written. Nothing is shown afterwards.
  void end();

 private:
  using Clock = std::chrono::steady_clock;
  void keep_moving(const std::stop_token& stop);
  // All of these with the lock held.
  void show(bool now);
  void tell_of(const PlanResult& result);
  void tell_verdict(const PlanResult& result);
  void clear();
  /// A line of its own, once in a dialect: how long a slow testee's run takes, and how to shorten
  /// it.
  void tell_if_long(Clock::time_point now);
  /// Nothing as long as too little is known.
  [[nodiscard]] std::optional<std::chrono::seconds> time_left(Clock::time_point now) const;
  [[nodiscard]] std::string figures(Clock::time_point now) const;

  const KnownFailures* const known_;
  const Detail detail_;
  const bool is_terminal_;
  const Style style_;
  std::mutex lock_;
  std::string dialect_;
  std::string current_;     ///< a plan's id, or nothing
  std::string waited_for_;  ///< or nothing
  Clock::time_point waits_since_;
  std::size_t plans_ = 0;
  std::size_t done_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t missed_ = 0;                                   ///< what is not required
  std::set<std::tuple<std::string, bool, FailureKind>> told_;  // case, whole, kind
  Clock::time_point start_;
  Clock::time_point shown_;
  bool is_line_shown_ = false;
  bool is_long_told_ = false;
  std::condition_variable_any stopped_;
  std::jthread mover_;  // the last member: it uses the others, and must end before them
};

}  // namespace framespec::conformance
