// The list of known failures that a user keeps: docs/known-failures.md tells how it is written,
// conformance/schemas/known_failing.schema.json says each line formally.
#pragma once

#include <expected>
#include <span>
#include <string>
#include <string_view>

#include "runner/known_failures.h"

namespace framespec::conformance {

inline constexpr std::string_view kKnownFailingFormat = "framespec-known-failing/1";

/// Reads one; an error is a sentence that names the file and the line.
[[nodiscard]] std::expected<KnownFailures, std::string> read_known_failing(const std::string& path);

/// The text of such a file; the lines of the entries are those that they get in it.
[[nodiscard]] std::string known_failing_text(std::span<const KnownFailure> entries);

}  // namespace framespec::conformance
