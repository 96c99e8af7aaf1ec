// What an errno means: in words, on any thread (strerror() is not safe there), and whose fault it
// is.
#pragma once

#include <cerrno>
#include <string>
#include <system_error>

namespace framespec::os {

[[nodiscard]] inline std::string error_text(int error) {
  return std::system_category().message(error);
}

/// Whether this process or machine has no more of what a connection takes: no fault of whoever is
/// at its other end.
[[nodiscard]] constexpr bool is_own_lack(int error) noexcept {
  return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM ||
         error == EADDRNOTAVAIL;
}

}  // namespace framespec::os
