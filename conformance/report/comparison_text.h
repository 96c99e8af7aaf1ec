// A comparison of two runs, for people.
#pragma once

#include <string>

#include "report/comparison.h"
#include "report/terminal.h"

namespace framespec::conformance {

/// For a terminal. Ends with the judgement, and a newline. `earlier` is what that run is called.
[[nodiscard]] std::string comparison_text(const Comparison& comparison, const RunResult& later,
                                          const std::string& earlier, const Style& style);

/// The same as Markdown, for a comment on a pull request: a sentence, and a table where anything is
/// otherwise.
[[nodiscard]] std::string comparison_markdown(const Comparison& comparison, const RunResult& later,
                                              const std::string& earlier);

}  // namespace framespec::conformance
