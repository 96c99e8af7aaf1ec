// What the script of a page reads: all checks, as few and as short columns as they can be.
#pragma once

#include <string>
#include <vector>

#include "outputs/html_subject.h"

namespace framespec::conformance {

/// So much is written of what was played, of all failing checks together; of those of findings
/// first. What is left out is said to be.
inline constexpr std::size_t kHtmlEvidenceMax = std::size_t{32} * 1024 * 1024;

/// JSON in ASCII. Of each dialect of each subject a column, in their order; html/columns.js says
/// what its members are.
[[nodiscard]] std::string html_data(const std::vector<HtmlSubject>& subjects);

}  // namespace framespec::conformance
