#include "runner/event.h"

#include <utility>

#include "framespec/step_json.h"

namespace framespec::conformance::event {

std::string_view name_of(Look look) noexcept {
  switch (look) {
    case Look::kFirst:
      return "first";
    case Look::kAgain:
      return "again";
    case Look::kMinimal:
      return "minimal";
  }
  return "?";
}

std::string_view name_of(RestartReason reason) noexcept {
  switch (reason) {
    case RestartReason::kForMemory:
      return "for_memory";
    case RestartReason::kAfterDeath:
      return "after_death";
    case RestartReason::kAfterSilence:
      return "after_silence";
    case RestartReason::kAfterWork:
      return "after_work";
    case RestartReason::kAfterChange:
      return "after_change";
    case RestartReason::kAfterFlight:
      return "after_flight";
  }
  return "?";
}

std::optional<Played> played_of(const Plan& plan, Verdict verdict) {
  if (verdict == Verdict::kPass || verdict == Verdict::kNotRun ||
      verdict == Verdict::kUnimplemented) {
    return std::nullopt;
  }
  Played played{.main_stays_open = plan.after == After::kMainOpen, .steps = {}};
  std::size_t size = 0;
  for (const Step& step : plan.steps) {
    std::string json = to_json(step, kStepBytesMax);
    size += json.size();
    if (size > kStepsSizeMax) {
      played.is_replayable = false;
      played.steps.clear();
      return played;
    }
    // Bytes that are given by their digest alone are not read back.
    played.is_replayable = played.is_replayable && parse_step(json).has_value();
    played.steps.push_back(std::move(json));
  }
  return played;
}

}  // namespace framespec::conformance::event
