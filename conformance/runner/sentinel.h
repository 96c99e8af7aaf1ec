// The frame that proves a testee is alive.
#pragma once

#include <expected>
#include <string>

#include "framespec/dialect.h"
#include "suite/plan.h"

namespace framespec::conformance {

struct Sentinel {
  Send send;
  ExpectedFrame answer;
};

/// A small frame that every testee of this dialect must answer; or a sentence about a dialect that
/// has no such frame.
[[nodiscard]] std::expected<Sentinel, std::string> make_sentinel(const Dialect& dialect);

}  // namespace framespec::conformance
