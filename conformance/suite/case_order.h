// Whether each step of a case can be carried out after those before it.
#pragma once

#include "framespec/step_order.h"
#include "suite/suite_case.h"
#include "suite/suite_reader.h"

namespace framespec::conformance {

/// Follows the steps of one case as framespec::StepOrder does those of a script. What it refuses is
/// wrong in every dialect, and so a mistake of the file; what a dialect's rules do not bear out,
/// check_agreement() finds.
class CaseOrder {
 public:
  CaseOrder();

  /// Fails, at `node`, when the step cannot be carried out after those before it.
  void follow(const CaseStep& step, const SuiteNode& node);

  /// Fails, at `steps`, when something is left that has to be ended.
  void end(const SuiteNode& steps) const;

 private:
  StepOrder order_;
};

}  // namespace framespec::conformance
