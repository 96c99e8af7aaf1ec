// How often a launched testee died in a run, and what its deaths have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "launch/launch.h"

namespace framespec::conformance {

/// An end that nobody asked the testee for.
struct Death {
  ProcessEnd end;
  std::string plan_id;            ///< the plan that it came about with, or just behind
  std::uint64_t connections = 0;  ///< that this process was sent, with those of that plan
  /// Of parts that were put together: in its own it was the doing of a plan known for it.
  bool is_known = false;
};

/// Of so many deaths that no case explains (repeated, it does not kill the testee), the run ends:
/// what it says is chance by then. Of so many altogether too.
inline constexpr std::size_t kUnexplainedDeathsMax = 10;
inline constexpr std::size_t kDeathsMax = 1000;

/// "37 times: exited with status 3"; several ways with the number of each.
[[nodiscard]] std::string how_often(std::span<const Death> deaths);

/// What they have in common: the case, the number of connections, or the area; empty for less than
/// two, and where it is nothing of these.
[[nodiscard]] std::string in_common(std::span<const Death> deaths);

}  // namespace framespec::conformance
