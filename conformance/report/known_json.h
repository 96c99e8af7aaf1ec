// Known failures as JSON: the same members in a list that a user writes, in events and in reports.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

#include "report/json_fields.h"
#include "runner/known_failures.h"

namespace framespec::conformance {

/// {"cases", "failure", "reason"}, and "class" and "link" where they are said.
[[nodiscard]] nlohmann::ordered_json known_json(const KnownFailure& entry);
/// {"file", "entries"}; each entry with its "line".
[[nodiscard]] nlohmann::ordered_json known_json(const KnownFailures& known);

/// Each throws WrongMember. An empty reason is one, and so are cases without a name.
[[nodiscard]] KnownFailure read_known_failure(const JsonFields& json, std::uint64_t line);
[[nodiscard]] KnownFailures read_known_failures(const JsonFields& json);

}  // namespace framespec::conformance
