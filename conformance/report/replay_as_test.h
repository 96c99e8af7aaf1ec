// A replay as a unit test of a deframer, in C++ with GoogleTest and framespec::protocol alone.
#pragma once

#include <expected>
#include <string>

#include "framespec/dialect.h"
#include "framespec/replay.h"

namespace framespec::conformance {

/// The text of a source file with a TEST for each connection on which the replay sends: the bytes,
/// where they are cut, and what a right deframer makes of them. Its subject is FrameDeframer; one
/// place is marked where one's own goes. Or why no deframer can show what the replay is about: a
/// sentence.
[[nodiscard]] std::expected<std::string, std::string> as_test(const Replay& replay,
                                                              const Dialect& dialect);

}  // namespace framespec::conformance
