// The testee in events and reports.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "launch/testee_choice.h"

namespace framespec::conformance {

[[nodiscard]] nlohmann::ordered_json testee_json(const TesteeChoice& testee);

}  // namespace framespec::conformance
