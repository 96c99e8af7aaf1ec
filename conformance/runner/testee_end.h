// How a testee ends while a plan is carried out on it, or with that.
#pragma once

#include "launch/testee.h"
#include "runner/execute.h"
#include "runner/verdict.h"

namespace framespec::conformance {

/// The steps are done, and the connections closed: notes in `attempt` that the testee has ended; of
/// a client that lives for one connection, that it has not, or how. Its exit status is its own
/// affair. One that declines says so with 89, while it may.
void note_end(Testee& testee, const ExecuteOptions& options, Attempt& attempt);

}  // namespace framespec::conformance
