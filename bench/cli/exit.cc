#include "cli/exit.h"

#include <fmt/format.h>

#include <cstdio>

#include "report/printable.h"

namespace framespec::bench {

int fail(int exit_code, std::string_view sentence) {
  fmt::print(stderr, "framespec-bench: {}\n", printable(sentence, true));
  return exit_code;
}

}  // namespace framespec::bench
