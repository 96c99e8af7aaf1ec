#include "suite/suite_hash.h"

#include <string_view>

#include "framespec/bytes.h"
#include "framespec/md5.h"
#include "suite/suite_case.h"

namespace framespec::conformance {

std::string hash_of(const SuiteSet& suites) {
  Md5 digest;
  const auto add = [&digest](std::string_view text) {
    digest.update(as_bytes(text));
    digest.update(as_bytes(std::string_view("\0", 1)));
  };
  for (const Suite& suite : suites.suites()) {
    for (const SuiteCase& suite_case : suite.cases) {
      add(suite.area);
      add(suite_case.name);
      add(suite_case.title);
      add(name_of(suite_case.level));
      for (const std::string& rule : suite_case.rules) add(rule);
      for (const CaseValue& value : suite_case.values) add(value.name);
    }
  }
  return digest.finish();
}

}  // namespace framespec::conformance
