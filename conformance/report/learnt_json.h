// What was learnt of a service's answers, and where its requests are not cut, as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "runner/learnt_answers.h"
#include "suite/suite.h"

namespace framespec::conformance {

/// An array with one object for each turn: "size", "varies", an array of {"from", "to"}, and
/// "masked", another one, where --mask has matched something.
[[nodiscard]] nlohmann::ordered_json learnt_json(const AnswersLearnt& learnt);

/// An array of objects with "name", "left_out" and "of".
[[nodiscard]] nlohmann::ordered_json cuts_json(const std::vector<CutsLeftOut>& cuts);

}  // namespace framespec::conformance
