// Whether each step of a case can be carried out after those before it.
#pragma once

#include <map>
#include <set>
#include <string>

#include "suite/suite_case.h"
#include "suite/suite_reader.h"

namespace framespec::conformance {

/// Follows the steps of one case. What it refuses is wrong in every dialect, and so a mistake of
/// the file; what a dialect's rules do not bear out, check_agreement() finds.
class StepOrder {
 public:
  StepOrder() { connections_["main"] = {}; }

  /// Fails, at `node`, when the step cannot be carried out after those before it.
  void follow(const CaseStep& step, const SuiteNode& node);

  /// Fails, at `steps`, when something is left that has to be ended.
  void end(const SuiteNode& steps) const;

 private:
  struct State {
    bool has_sent = false;
    bool is_flooding = false;
    bool is_unread = false;  ///< the flood's answers are not read
    bool is_finished = false;
    bool is_reset = false;
  };

  void expect_work(const ExpectWork& expected, const SuiteNode& node) const;
  void open(const std::string& name, const SuiteNode& node);
  static void check(const State& state, const CaseStep& step, const SuiteNode& node);
  [[nodiscard]] std::string names() const;

  std::map<std::string, State> connections_;
  std::set<std::string> measured_;
};

}  // namespace framespec::conformance
