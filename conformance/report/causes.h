// Findings that have probably one cause, behind the one that is nearest to it.
#pragma once

#include <vector>

#include "report/findings.h"

namespace framespec::conformance {

/// The findings for a reader: of those that have probably one cause one speaks, and the others are
/// named in its Finding::alike. Sanity comes first, then where cutting is to blame, then the
/// others, simple areas before involved ones; what is known behind all.
///
/// Two findings have one cause where they look alike (of one dialect, verdict and role, failing in
/// the same way under the same kind of cuts) and a rule that is probably the broken one of the one
/// is shown by the other, directly or through a third. Of a finding's rules that one is probably
/// broken which most of the cases that show it break: a rule that others show to hold is not. A
/// check that sends several frames at once shows SEG-2 and SEG-3 too, one that sends an error the
/// rule that the error breaks, one that is split SEG-1, and one that the testee died of CON-1.
///
/// The one that speaks shows the rule which explains most of them, in the area of that rule and
/// first of all, with the fewest other rules, and in the gravest way.
[[nodiscard]] std::vector<Finding> findings_by_cause(const RunResult& run);

}  // namespace framespec::conformance
