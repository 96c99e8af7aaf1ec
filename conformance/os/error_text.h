// What an errno means, in words, on any thread (strerror() is not safe there).
#pragma once

#include <string>
#include <system_error>

namespace framespec::os {

[[nodiscard]] inline std::string error_text(int error) {
  return std::system_category().message(error);
}

}  // namespace framespec::os
