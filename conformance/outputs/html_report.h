// A run as one page of HTML: no network, no other file.
#pragma once

#include <string>
#include <vector>

#include "outputs/html_subject.h"

namespace framespec::conformance {

/// The page. What stands on its first screen is there without JavaScript; each check and its bytes
/// are data in it, compressed where they are many. Nothing in the subjects becomes markup or
/// script. `not_run`: names of testees of which there is no run.
[[nodiscard]] std::string html_report(const std::vector<HtmlSubject>& subjects,
                                      const std::vector<std::string>& not_run = {});

/// The page of one run; with what is otherwise than in the run that is called `earlier`, or null.
[[nodiscard]] std::string html_report(const RunResult& run, const Comparison* changes = nullptr,
                                      const std::string& earlier = {});

}  // namespace framespec::conformance
