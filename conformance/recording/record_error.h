// Why a recording cannot be made.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace framespec::conformance {

struct RecordError {
  enum class Kind : std::uint8_t {
    kInput,       ///< what the user named is not such as a recording can be made of
    kCannotWork,  ///< nothing was recorded, or a service or a program that is needed did not work
  };
  Kind kind = Kind::kInput;
  std::string sentence;
  /// Below it, one on a line: what there is to choose from.
  std::vector<std::string> choices{};
};

}  // namespace framespec::conformance
