// What was played in a check, for the script of a page.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "runner/run_result.h"

namespace framespec::conformance {

/// An attempt that deviated, and what is known of the check that it was of.
struct ShownAttempt {
  const std::string& id;
  const CaseFacts& facts;
  const Attempt& attempt;
  const std::optional<Evidence>& evidence;
};

/// {"kind", "expected", "came", …}; with the evidence also "replay", the text of a replay file, and
/// what its bytes are. html/evidence.js reads it.
[[nodiscard]] nlohmann::ordered_json evidence_json(const RunResult& run,
                                                   const DialectResult& dialect,
                                                   const ShownAttempt& shown);

}  // namespace framespec::conformance
