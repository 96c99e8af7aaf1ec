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
  for (const Suite& suite : suites.suites()) add(suite.digest);
  return digest.finish();
}

}  // namespace framespec::conformance
