// The first screen of a page: what there is to be known without a script.
#pragma once

#include <string>
#include <vector>

#include "outputs/html_subject.h"

namespace framespec::conformance {

/// Markup: the verdict, what was tested, how much was proven, findings by gravity, a bar for each
/// area, what was not tested. Links of the form "#open=ID&in=COLUMN" are for the script.
[[nodiscard]] std::string html_summary(const std::vector<HtmlSubject>& subjects,
                                       const std::vector<std::string>& not_run);

/// "FAIL: 3 required checks failed": the title of the page.
[[nodiscard]] std::string html_title(const std::vector<HtmlSubject>& subjects);

}  // namespace framespec::conformance
