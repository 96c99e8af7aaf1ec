// How a command ends that cannot go on.
#pragma once

#include <string_view>

namespace framespec::conformance {

inline constexpr int kExitUsage = 2;
inline constexpr int kExitCannotWork = 3;

/// Tells on standard error why, and gives back `exit_code`.
int fail(int exit_code, std::string_view sentence);

}  // namespace framespec::conformance
