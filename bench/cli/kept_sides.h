// The times of a comparison, added to a history.
#pragma once

#include <expected>
#include <string>

#include "comparing/comparison.h"
#include "history/history.h"

namespace framespec::bench {

/// A run for each side of each program. `now` is what was known when the comparison began; a side
/// that is a revision is the commit of its run, any other is named as the user did. The error is a
/// sentence.
std::expected<void, std::string> keep_sides(History& history, const RunRecord& now,
                                            const std::string& a, const std::string& b,
                                            const Comparison& comparison);

}  // namespace framespec::bench
