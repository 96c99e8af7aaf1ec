// A replay as a conformance case of one's own.
#pragma once

#include <expected>
#include <string>

#include "framespec/dialect.h"
#include "framespec/replay.h"

namespace framespec::conformance {

/// The text of a suite file (docs/writing-a-case.md) whose one case, in this dialect and under the
/// one segmentation that it has, is the replay: the same bytes, cuts and expectations, which is
/// made sure of. Or why no case can be that: a sentence.
[[nodiscard]] std::expected<std::string, std::string> as_case(const Replay& replay,
                                                              const Dialect& dialect);

}  // namespace framespec::conformance
