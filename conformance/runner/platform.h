// The machine that a run is on.
#pragma once

#include <cstdint>
#include <string>

namespace framespec::conformance {

struct Platform {
  std::string system;   ///< "Linux"
  std::string release;  ///< of the kernel
  std::string machine;  ///< "x86_64"
  std::string host;     ///< its name
  std::uint64_t processors = 0;
};

[[nodiscard]] Platform this_platform();

}  // namespace framespec::conformance
