// --history of commands that measure.
#pragma once

#include <optional>
#include <string>

namespace framespec::bench {

/// Why no run can be kept in this file, in a sentence; none if one can. A file that is not there is
/// not made, so that a measurement that fails leaves none.
std::optional<std::string> why_no_history(const std::string& file);

}  // namespace framespec::bench
