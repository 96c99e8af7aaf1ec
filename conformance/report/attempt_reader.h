// Reads the events that are about one plan: attempts, verdicts, and failures made minimal.
#pragma once

#include <cstdint>
#include <limits>

#include "report/json_fields.h"
#include "runner/event.h"

namespace framespec::conformance {

/// More plans, or attempts of one, than this no run has.
inline constexpr std::uint64_t kPlansMax = std::numeric_limits<std::uint32_t>::max();

// Each throws WrongMember.
[[nodiscard]] event::What read_attempt(const JsonFields& json);
[[nodiscard]] event::What read_minimal(const JsonFields& json);
[[nodiscard]] event::What read_verdict(const JsonFields& json);

}  // namespace framespec::conformance
