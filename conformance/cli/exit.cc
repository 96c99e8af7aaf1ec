#include "cli/exit.h"

#include <fmt/format.h>

#include <cstdio>

#include "framespec/printable.h"

namespace framespec::conformance {

int fail(int exit_code, std::string_view sentence) {
  fmt::print(stderr, "framespec: {}\n", printable(sentence));
  return exit_code;
}

}  // namespace framespec::conformance
