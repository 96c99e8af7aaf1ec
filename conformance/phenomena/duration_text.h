// Times of milliseconds, as people read them.
#pragma once

#include <chrono>
#include <string>

namespace framespec::phenomena {

/// In milliseconds with three digits or more: "0.03", "4.31", "43.4", "1024".
[[nodiscard]] std::string milliseconds_text(std::chrono::nanoseconds time);

/// The same with the unit: "43.4 ms".
[[nodiscard]] std::string duration_text(std::chrono::nanoseconds time);

}  // namespace framespec::phenomena
