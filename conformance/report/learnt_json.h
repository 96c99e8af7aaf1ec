// What was learnt of a service's answers, as JSON.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "runner/learnt_answers.h"

namespace framespec::conformance {

/// An array with one object for each turn: "size", and "varies", an array of {"from", "to"}.
[[nodiscard]] nlohmann::ordered_json learnt_json(const AnswersLearnt& learnt);

}  // namespace framespec::conformance
