// What an earlier run has left open, to be run again.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace framespec::conformance {

struct OpenChecks {
  std::string file{};  ///< the events of that run, as the user named them
  /// Ids of what passed, and of what came to any other verdict or to none.
  std::set<std::string, std::less<>> passed{};
  std::set<std::string, std::less<>> open{};
  /// False: the run was killed, and what it says nothing of is open too.
  bool has_ended = true;

  [[nodiscard]] bool holds(std::string_view id) const {
    return open.contains(id) || (!has_ended && !passed.contains(id));
  }
};

}  // namespace framespec::conformance
