// The beginning of a run as JSON: what was asked for.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "runner/event.h"

namespace framespec::conformance {

/// Adds the members of the first event.
void put_started(nlohmann::ordered_json& json, const event::Started& started);

}  // namespace framespec::conformance
