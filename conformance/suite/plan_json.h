// Plans as data for others: `framespec list --json`.
#pragma once

#include <cstddef>
#include <string>

#include "suite/plan.h"

namespace framespec::conformance {

/// Bytes of more than this, in one piece or in the payloads of a step, are given by size and md5
/// instead of in hex.
inline constexpr std::size_t kHexBytesMax = std::size_t{64} * 1024;

/// The plan as one line of JSON, without the line's end. docs/vectors.md says what its members are.
std::string to_json_line(const Plan& plan);

}  // namespace framespec::conformance
