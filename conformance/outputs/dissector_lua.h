// A dissector for Wireshark, made from a dialect.
#pragma once

#include <string>

#include "framespec/dialect.h"

namespace framespec::conformance {

/// A Lua script (5.2 to 5.4) that shows the frames of a TCP stream with the parts of SPEC.md as
/// fields, and each error that EventDeframer finds in it, md5 not compared, as expert information:
/// the same kinds at the same offsets. `version` is framespec's. Precondition: consistent.
[[nodiscard]] std::string dissector_lua(const Dialect& dialect, const std::string& version);

}  // namespace framespec::conformance
