// How a command ends that cannot do what it was asked to.
#pragma once

#include <string_view>

namespace framespec::bench {

inline constexpr int kExitUsage = 2;
inline constexpr int kExitCannotWork = 3;

/// Prints "framespec-bench: " and the sentence to standard error; gives back the exit code.
[[nodiscard]] int fail(int exit_code, std::string_view sentence);

}  // namespace framespec::bench
