#include "cli/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

#include "report/printable.h"

namespace framespec::bench {

std::function<void(const std::string&)> progress() {
  if (::isatty(STDERR_FILENO) == 0) return {};
  return [](const std::string& what) {
    fmt::print(stderr, "\r\x1B[K{:.100}", printable(what));
    std::fflush(stderr);
  };
}

}  // namespace framespec::bench
