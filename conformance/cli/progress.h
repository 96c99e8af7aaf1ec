// Shows on standard error how a run goes on.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <tuple>

#include "report/terminal.h"
#include "runner/run_observer.h"
#include "runner/verdict.h"

namespace framespec::conformance {

/// On a terminal one line that changes: done of all, deviations, rate, time left, the plan under
/// way. Elsewhere (a log of a CI job) a line at the start and the end of a dialect, and one every
/// ten seconds in between. In both a line of its own for each failure as it happens: the first of
/// its case and kind; those that follow are only counted.
class Progress final : public RunObserver {
 public:
  Progress();
  ~Progress() override;

  void dialect_begins(std::string_view name, std::size_t plans) override;
  void plan_begins(std::string_view id) override;
  void plan_ended(const PlanResult& result) override;
  void told(const std::string& sentence) override;

  /// Takes the line away, so that something else can be written.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  void show(bool now);
  void tell_of(const PlanResult& result);
  [[nodiscard]] std::string figures() const;

  bool is_terminal_;
  Style style_;
  std::string dialect_;
  std::string current_;
  std::size_t plans_ = 0;
  std::size_t done_ = 0;
  std::uint64_t deviations_ = 0;
  std::set<std::tuple<std::string, bool, FailureKind>> told_;  // case, whole, kind
  Clock::time_point start_;
  Clock::time_point shown_;
  bool is_line_shown_ = false;
};

}  // namespace framespec::conformance
