// How many checks there are of each kind.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "report/terminal.h"
#include "suite/suite.h"

namespace framespec::conformance {

enum class CountedBy : std::uint8_t { kArea, kCase, kRule, kLevel };

/// Checks and cases by what they have in common.
class Counts {
 public:
  explicit Counts(CountedBy by) : by_(by) {}

  /// Of one with several rules each counts it.
  void add(const PlanEntry& entry);

  /// A table, in the order in which they came; of rules in that of SPEC.md. The last row counts
  /// each check once.
  [[nodiscard]] std::string text(const Style& style) const;

 private:
  struct Row {
    std::string name;
    std::string says;
    std::set<const SuiteCase*> cases;
    std::size_t checks = 0;
  };
  [[nodiscard]] std::vector<std::string> names_of(const SuiteCase& each) const;
  [[nodiscard]] std::string about(const std::string& name, const SuiteCase& each) const;
  [[nodiscard]] std::vector<Row> in_order() const;

  CountedBy by_;
  std::vector<Row> rows_;
  std::map<std::string, std::size_t> places_;
  std::set<const SuiteCase*> cases_;
  std::size_t checks_ = 0;
};

}  // namespace framespec::conformance
