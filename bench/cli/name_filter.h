// --filter of commands that read a history.
#pragma once

#include <string>

#include "history/series.h"

namespace framespec::bench {

/// Leaves out series of benchmarks whose name does not match; false if `regex` is none (extended
/// regular expressions of POSIX).
[[nodiscard]] bool keep_matching(HistorySeries& all, const std::string& regex);

}  // namespace framespec::bench
