// For which dialects, and which side of a connection, a case is.
#pragma once

#include <optional>
#include <string>

#include "framespec/dialect.h"
#include "suite/suite_case.h"
#include "suite/suite_reader.h"

namespace framespec::conformance {

/// Reads the member "for" of a case; throws BadSuite.
[[nodiscard]] Conditions read_conditions(const SuiteNode& node);

/// Why a case is not for a dialect, as far as its conditions say; nothing if it is.
[[nodiscard]] std::optional<std::string> unmet_by_dialect(const Conditions& conditions,
                                                          const Dialect& dialect);

/// Why a case is not for testees of this side; nothing if it is. `steps` are those of one of its
/// values: a client has one connection.
[[nodiscard]] std::optional<std::string> unmet_by_side(const SuiteCase& suite_case,
                                                       const CaseValue& value, Side side);

}  // namespace framespec::conformance
