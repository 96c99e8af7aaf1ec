#include "cli/output.h"

#include <fmt/format.h>

#include <fstream>

namespace framespec::bench {

bool write_output(const std::string& path, const std::string& text) {
  if (path.empty()) {
    fmt::print("{}", text);
    return true;
  }
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  return !file.fail();
}

}  // namespace framespec::bench
