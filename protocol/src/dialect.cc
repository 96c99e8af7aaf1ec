#include "framespec/dialect.h"

#include <algorithm>

namespace framespec {

Dialect Dialect::with_payload_limit(std::uint64_t size) const {
  Dialect limited = *this;
  limited.payload_size_max = std::min(payload_size_max, size);
  return limited;
}

std::string to_string(const DialectError& error) {
  std::string line;
  for (const std::string& part : {error.file, error.path}) {
    if (part.empty()) continue;
    line += part;
    line += ": ";
  }
  return line + error.message;
}

}  // namespace framespec
