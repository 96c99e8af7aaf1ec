// What a page of HTML tells of: one run, or several side by side.
#pragma once

#include <string>
#include <vector>

#include "report/comparison.h"
#include "runner/run_result.h"

namespace framespec::conformance {

/// A run, and what it is called beside others. What it points at must outlive it.
struct HtmlSubject {
  std::string name;            ///< one word, as filters name it: "netty"
  std::string implementation;  ///< in words; may be empty
  const RunResult* run = nullptr;
  const Comparison* changes = nullptr;  ///< against an earlier run, or null
  std::string earlier;                  ///< what that run is called
};

}  // namespace framespec::conformance
