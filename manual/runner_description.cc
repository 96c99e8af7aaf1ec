#include "runner_description.h"

#include <stdexcept>

#include "conformance/cli/cli_options.h"
#include "conformance/suite/spec_rules.h"
#include "conformance/suite/suite.h"
#include "conformance/suite/suite_case.h"
#include "described_program.h"

namespace framespec::manual {
namespace {

conformance::SuiteSet built_in_suites() {
  auto suites = conformance::SuiteSet::built_in();
  if (!suites) throw std::invalid_argument(to_string(suites.error()));
  return *std::move(suites);
}

// All of an area, as the shells are to quote it.
Values areas(const conformance::SuiteSet& suites) {
  Values values;
  for (const conformance::Suite& suite : suites.suites()) {
    values.words.push_back(suite.area + "/*");
  }
  return values;
}

Values cases_and_rules(const conformance::SuiteSet& suites) {
  Values values;
  for (const conformance::Suite& suite : suites.suites()) {
    for (const auto& each : suite.cases) values.words.push_back(each.area + "/" + each.name);
  }
  for (const auto& rule : conformance::spec_rules()) values.words.push_back(rule.id);
  return values;
}

}  // namespace

Program runner_description() {
  const conformance::SuiteSet suites = built_in_suites();
  CLI::App app("", "framespec");
  conformance::WrittenCommands written;
  declare_command_line(app, written);
  return describe(app, {{"--dialect", dialects()},
                        {"dialect", dialects()},
                        {"--filter", areas(suites)},
                        {"--exclude", areas(suites)},
                        {"--observe", {.words = {"echo", "stdout", "stdout:hex", "exit"}}},
                        {"--suites", {.words = {}, .files = true, .folders = true}},
                        {"what", cases_and_rules(suites)}});
}

}  // namespace framespec::manual
