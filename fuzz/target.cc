#include "target.h"

#include <cstdio>
#include <cstdlib>

namespace framespec::fuzz {

void report_finding(const std::string& what, Bytes input) {
  std::fprintf(stderr, "FINDING: %s\n%s\n", what.c_str(), explain_input(input).c_str());
  std::fflush(stderr);
  std::abort();
}

}  // namespace framespec::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  framespec::fuzz::run_input(std::as_bytes(std::span(data, size)));
  return 0;
}
