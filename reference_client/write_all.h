// Writing to a descriptor until everything is written.
#pragma once

#include <system_error>

#include "framespec/bytes.h"

namespace framespec::client {

/// Writes all of `bytes` to `descriptor`, waiting as long as it takes; short and interrupted writes
/// are continued.
std::error_code write_all(int descriptor, Bytes bytes) noexcept;

}  // namespace framespec::client
