// What one conformance case does to a testee, made concrete: the seam between suites and the
// runner.
//
// A suite file (conformance/cases/*.json) says what to send in terms of frames, and holds for
// every dialect it applies to. The suite loader turns each case, for one dialect and one
// segmentation, into a Plan of bytes, which the runner carries out without knowing what they mean.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "framespec/dialect.h"
#include "framespec/json_header.h"
#include "framespec/segmentation.h"
#include "framespec/step.h"
#include "suite/release.h"

namespace framespec::conformance {

/// How much a rule asks (RFC 2119): a missed kShould is `nonstrict`, a missed kMay `informational`.
enum class Level : std::uint8_t { kMust, kShould, kMay };

using step::Abort;
using step::Action;
using step::Arrival;
using step::Await;
using step::ExpectAnswer;
using step::ExpectClosed;
using step::ExpectDescriptorGrowth;
using step::ExpectedFrame;
using step::ExpectExit;
using step::ExpectFlood;
using step::ExpectFrames;
using step::ExpectMemoryGrowth;
using step::ExpectStalled;
using step::ExpectWork;
using step::Finish;
using step::Flood;
using step::MeasureWork;
using step::Open;
using step::Pause;
using step::Send;

/// What is left of "main" when the steps are done, and so where the sentinel frame goes: on "main"
/// itself, or on a fresh connection. A sentinel that is not answered fails the case. Where the
/// steps expect the testee's own end (ExpectExit), there is nobody left to ask.
enum class After : std::uint8_t { kMainOpen, kMainEnded, kTesteeEnded };

/// What is left when these steps are done, which leave "main" open or not.
[[nodiscard]] inline After after_of(const std::vector<Step>& steps, bool main_stays_open) {
  if (!steps.empty() && std::holds_alternative<ExpectExit>(steps.back().action)) {
    return After::kTesteeEnded;
  }
  return main_stays_open ? After::kMainOpen : After::kMainEnded;
}

/// Whether the testee's answers are only bytes in these steps.
[[nodiscard]] inline bool is_of_service(const std::vector<Step>& steps) {
  return std::ranges::any_of(
      steps, [](const Step& step) { return std::holds_alternative<ExpectAnswer>(step.action); });
}

struct Plan {
  std::string id;  ///< "length/int64/cut_at-7/negative-minus_one": area/dialect/segmentation/name
  std::string control_id;  ///< the same case with the segmentation `whole`
  std::string area;
  std::string name;
  std::string title;   ///< a sentence: what must hold
  std::string why;     ///< the defect that it finds
  std::string remedy;  ///< what to do about it; may be empty
  std::vector<std::string> rules;
  Level level = Level::kMust;
  std::optional<Release> since{};    ///< SuiteCase::since
  const Dialect* dialect = nullptr;  ///< outlives the plan
  /// The name of how the (one) step with a Send::arrival arrives: the third part of the id, without
  /// the "+end" of Arrival::is_with_end. "whole" is the control, and also what is_coalesced has;
  /// then the third part of the id is "forced_coalescing".
  std::string segmentation = "whole";
  std::vector<Step> steps;
  After after = After::kMainOpen;
};

}  // namespace framespec::conformance
