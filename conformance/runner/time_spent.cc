#include "runner/time_spent.h"

#include <utility>

namespace framespec::conformance {

Activity TimeSpent::switch_to(Activity activity) noexcept {
  const Clock::time_point now = Clock::now();
  spent_[static_cast<std::size_t>(current_)] += now - std::exchange(since_, now);
  return std::exchange(current_, activity);
}

std::string_view name_of(Activity activity) noexcept {
  switch (activity) {
    case Activity::kOrdering:
      return "ordering";
    case Activity::kStarting:
      return "starting";
    case Activity::kFirstLook:
      return "first_look";
    case Activity::kSecondLook:
      return "second_look";
    case Activity::kRecovering:
      return "recovering";
    case Activity::kMinimising:
      return "minimising";
    case Activity::kStopping:
      return "stopping";
  }
  return "?";
}

}  // namespace framespec::conformance
