#include "runner/nonsense.h"

#include <fmt/format.h>

#include "launch/testee_setup.h"
#include "runner/execute.h"
#include "runner/learnt_patience.h"
#include "runner/plan_runner.h"

namespace framespec::conformance {
namespace {

using Kind = NonsenseAnswer::Kind;

std::optional<NonsenseAnswer> at_start(const Testee& testee, const TesteeProblem& problem) {
  if (problem.kind == TesteeProblem::Kind::kUnimplemented) {
    return NonsenseAnswer{.kind = Kind::kDeclined, .reason = "it declined before it listened"};
  }
  if (problem.end)
    return NonsenseAnswer{.kind = Kind::kEnded,
                          .reason = fmt::format("it {}", to_string(*problem.end))};
  if (testee.starts() == 0) return std::nullopt;
  return NonsenseAnswer{.kind = Kind::kSilent, .reason = "it neither ended nor listened in time"};
}

NonsenseAnswer at_first_frame(Testee& testee, const Attempt& attempt) {
  if (attempt.is_unimplemented)
    return {.kind = Kind::kDeclined, .reason = "it declined at the first frame"};
  if (const auto end = testee.died())
    return {.kind = Kind::kEnded, .reason = fmt::format("it {}", to_string(*end))};
  const std::string_view is_there = testee.is_client() ? "it connected" : "it listened";
  if (!attempt.failure && !attempt.error) {
    return {.kind = Kind::kEchoed, .reason = fmt::format("{}, and echoed a frame", is_there)};
  }
  if (testee.is_client() && attempt.connections == 0) {
    const bool is_silent = attempt.failure.has_value();
    return {.kind = is_silent ? Kind::kSilent : Kind::kEnded,
            .reason = is_silent ? attempt.failure->came : attempt.error.value()};
  }
  return {.kind = Kind::kServed,
          .reason = testee.is_client() ? "it connected, and echoed nothing"
                                       : "it listened, and took a connection"};
}

}  // namespace

std::optional<NonsenseAnswer> offer_nonsense(const NonsenseOffer& offer, const PlanSource& source) {
  const auto is_cancelled = [&] { return offer.cancelled != nullptr && offer.cancelled->load(); };
  if (is_cancelled()) return std::nullopt;
  const auto begin = std::chrono::steady_clock::now();
  const auto owner = make_testee(offer.testee, std::string(kNonsenseDialect), offer.max_payload);
  Testee& testee = *owner;
  testee.cancelled = offer.cancelled;
  testee.waits_for = offer.waits_for;
  std::optional<NonsenseAnswer> answer;
  if (const auto ready = testee.ensure_ready(); !ready) {
    answer = at_start(testee, ready.error());
  } else {
    ExecuteOptions options;
    options.time_limit = options.unread_limit = offer.time_limit;
    options.limits = LearntPatience(true, offer.time_limit).full();
    options.may_decline = true;
    options.observed = offer.observed;
    options.cancelled = offer.cancelled;
    answer = at_first_frame(testee, execute(sanity_plan(source), testee, options));
  }
  testee.stop();
  if (is_cancelled()) return std::nullopt;
  if (answer) {
    answer->duration = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begin);
  }
  return answer;
}

std::string_view name_of(NonsenseAnswer::Kind kind) noexcept {
  switch (kind) {
    case Kind::kDeclined:
      return "declined";
    case Kind::kEnded:
      return "ended";
    case Kind::kEchoed:
      return "echoed";
    case Kind::kServed:
      return "served";
    case Kind::kSilent:
      return "silent";
  }
  return "?";
}

}  // namespace framespec::conformance
