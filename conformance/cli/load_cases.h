// The cases that the user's options choose, read from wherever they are.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "cli/cli_options.h"
#include "runner/run.h"
#include "suite/suite.h"

namespace framespec::conformance {

/// Which cases, for which dialects.
struct Cases {
  SuiteSet suites;
  std::string suites_name;
  std::vector<DialectChoice> dialects;
};

/// Or a sentence that names the option that is wrong.
[[nodiscard]] std::expected<Cases, std::string> load_cases(const Selection& selection);

/// Those of --suites, or the built-in ones where it is empty; or what is wrong with them.
[[nodiscard]] std::expected<SuiteSet, std::string> load_suites(const std::string& path);

[[nodiscard]] ExpandOptions expand_options(const Selection& selection, std::optional<Side> side,
                                           bool with_long);

}  // namespace framespec::conformance
