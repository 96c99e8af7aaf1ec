// One plan under way on a testee: what execute() does.
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "launch/process_figures.h"
#include "runner/execute.h"
#include "runner/plan_connection.h"
#include "runner/work.h"

namespace framespec::conformance {

class Execution {
 public:
  Execution(const Plan& plan, Testee& testee, const ExecuteOptions& options)
      : plan_(plan),
        testee_(testee),
        options_(options),
        unread_limit_(std::min(options.unread_limit, options.time_limit)) {}

  Attempt run();

 private:
  template <typename Action>
  [[nodiscard]] bool has_step() const;
  void note_figures_before();
  void warm_up();
  StepResult warm_up_client();
  bool run_steps();
  StepResult begin_conversation(const std::string& connection);
  StepResult open(const std::string& name);
  void tell_where(const std::string& connection, Failure& failure) const;
  StepResult carry_out(const Step& step);
  StepResult expect_frames(PlanConnection& connection, const ExpectFrames& expected);
  StepResult expect_memory(const ExpectMemoryGrowth& expected);
  StepResult expect_descriptors(const ExpectDescriptorGrowth& expected);
  StepResult run_sentinel();
  StepResult run_conversation();
  [[nodiscard]] bool is_service() const noexcept {
    return options_.observed.form == Observation::Form::kBytes;
  }
  void close_all();
  void note_came(const std::string& name, PlanConnection& connection);
  void take(StepResult result);
  void note_taker();

  const Plan& plan_;
  Testee& testee_;
  const ExecuteOptions& options_;
  std::chrono::milliseconds unread_limit_;
  std::map<std::string, std::unique_ptr<PlanConnection>> connections_;
  ProcessMemories memory_before_;
  std::optional<std::uint64_t> descriptors_before_;
  WorkMeter work_;
  Silence slowest_;
  std::atomic<std::uint64_t> flood_answered_{0};
  Attempt attempt_;
};

template <typename Action>
bool Execution::has_step() const {
  return std::ranges::any_of(
      plan_.steps, [](const Step& step) { return std::holds_alternative<Action>(step.action); });
}

}  // namespace framespec::conformance
