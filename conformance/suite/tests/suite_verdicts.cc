// What the reader of suites says of many: a suite a line on standard input, its verdict a line on
// standard output. Empty: it is good. For suite_schema_test.py, to which a process for each of its
// thousands would take minutes.
#include <iostream>
#include <string>

#include "suite/suite.h"

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const auto suites = framespec::conformance::SuiteSet::parse(line, "suite");
    std::cout << (suites ? std::string() : to_string(suites.error())) << '\n';
  }
  return std::cin.bad() || !std::cout.flush() ? 1 : 0;
}
