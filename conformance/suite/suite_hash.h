// Whether two runs asked the same.
#pragma once

#include <string>

#include "suite/suite.h"

namespace framespec::conformance {

/// md5 over the texts of all suites: what two runs must have in common to be comparable, and for an
/// id to mean the same bytes.
[[nodiscard]] std::string hash_of(const SuiteSet& suites);

}  // namespace framespec::conformance
