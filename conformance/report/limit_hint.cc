#include "report/limit_hint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace framespec::conformance {
namespace {

using Kind = LimitHint::Kind;

constexpr std::string_view kTooLarge = "length/too_large";

// Cases that announce a payload just above the limit, and those that send large ones.
constexpr std::array<std::string_view, 4> kAbove = {kTooLarge, "length/answered_before_too_large",
                                                    "length/nothing_after_too_large",
                                                    "length/graceful_after_error"};
constexpr std::array<std::string_view, 5> kLarge = {
    "length/largest", "length/largest_then_small", "length/more_than_the_maximum_in_all",
    "length/high_byte_counts", "length/byte_boundaries"};

bool is_one_of(std::span<const std::string_view> cases, std::string_view key) {
  return std::ranges::find(cases, key) != cases.end();
}

// A value of a case, sent unsplit; null where it was not run.
const PlanResult* control(const DialectResult& dialect, std::string_view name) {
  const auto found = std::ranges::find_if(dialect.plans, [&](const PlanResult& plan) {
    return plan.role == Role::kControl && plan.facts.area == "length" && plan.facts.name == name &&
           plan.attempts > 0;
  });
  return found == dialect.plans.end() ? nullptr : &*found;
}

bool has_failed(const PlanResult* plan, FailureKind kind) {
  return plan != nullptr && is_deviation(plan->judgement.verdict) && plan->attempt.failure &&
         plan->attempt.failure->kind == kind && !plan->attempt.failure->at_sentinel;
}

bool has_passed(const PlanResult* plan) {
  return plan != nullptr && plan->judgement.verdict == Verdict::kPass;
}

// Whether it waits for more of whatever is announced.
bool has_no_limit(const DialectResult& dialect) {
  std::size_t values = 0;
  const bool all_wait = std::ranges::all_of(dialect.plans, [&](const PlanResult& plan) {
    if (plan.role != Role::kControl || plan.case_key != kTooLarge || plan.attempts == 0)
      return true;
    ++values;
    return has_failed(&plan, FailureKind::kStillOpen);
  });
  constexpr std::size_t kEnoughToTell = 3;  // by one, by two, and something large
  return all_wait && values >= kEnoughToTell;
}

std::string how_to_say() {
  return "if that is its limit, say so with --max-payload, or give it this one";
}

LimitHint takes_more(const RunResult& run, const DialectResult& dialect) {
  if (has_no_limit(dialect)) {
    return {Kind::kNone,
            fmt::format("the testee seems to have no limit at all: it waits for payloads of "
                        "whatever size is announced, and not only up to --max-payload {}",
                        run.max_payload)};
  }
  return {Kind::kMore, fmt::format("the testee seems to take more than --max-payload {}: it waits "
                                   "for a payload of {} bytes; {}",
                                   run.max_payload, run.max_payload + 1, how_to_say())};
}

}  // namespace

std::optional<LimitHint> limit_hint(const RunResult& run, const DialectResult& dialect,
                                    const std::string& case_key, const Failure& failure) {
  if (dialect.dialect.payload_size_max != run.max_payload) return std::nullopt;
  if (failure.kind == FailureKind::kStillOpen && is_one_of(kAbove, case_key) &&
      has_failed(control(dialect, "too_large-by_one"), FailureKind::kStillOpen) &&
      !has_passed(control(dialect, "too_large-by_two"))) {
    return takes_more(run, dialect);
  }
  if (failure.kind == FailureKind::kEndedEarly && is_one_of(kLarge, case_key) &&
      has_failed(control(dialect, "largest-maximum"), FailureKind::kEndedEarly) &&
      !has_passed(control(dialect, "largest-one_less"))) {
    return LimitHint{Kind::kLess,
                     fmt::format("the testee seems to take less than --max-payload {}: it refuses "
                                 "that, and answers payloads of {} bytes; {}",
                                 run.max_payload, dialect.largest_answered, how_to_say())};
  }
  return std::nullopt;
}

std::string_view name_of(LimitHint::Kind kind) noexcept {
  switch (kind) {
    case Kind::kMore:
      return "more";
    case Kind::kLess:
      return "less";
    case Kind::kNone:
      return "none";
  }
  return "?";
}

}  // namespace framespec::conformance
