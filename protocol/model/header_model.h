// What SPEC.md says of a JSON header, worked out with nlohmann/json.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "framespec/error.h"
#include "framespec/json_header.h"

namespace framespec::model {

/// The header in `text`, or which error SPEC.md puts first.
std::expected<JsonHeader, ErrorKind> read_header(std::string text, const JsonHeaderLimits& limits);

}  // namespace framespec::model
