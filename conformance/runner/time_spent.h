// Where the time of a run goes: every moment of it belongs to one activity.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace framespec::conformance {

enum class Activity : std::uint8_t {
  kOrdering,    ///< choosing and building plans, and whatever is not one of the others
  kStarting,    ///< the testee: until it listens
  kFirstLook,   ///< plans, each carried out once
  kSecondLook,  ///< again: what deviated, or could not be proven
  kRecovering,  ///< whether the testee is still well after a deviation
  kMinimising,  ///< looking for the fewest cuts that fail
  kStopping,    ///< the testee
};
inline constexpr std::size_t kActivities = 7;

/// The name that reports use: "first_look".
[[nodiscard]] std::string_view name_of(Activity activity) noexcept;

/// Measures from its construction. One activity at a time; together they are the whole time.
class TimeSpent {
 public:
  using Clock = std::chrono::steady_clock;

  /// As long as it lives, time counts as that of its activity. Scopes nest.
  class Scope {
   public:
    Scope(TimeSpent& time, Activity activity) noexcept
        : time_(time), outer_(time.switch_to(activity)) {}
    ~Scope() { time_.switch_to(outer_); }
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;

   private:
    TimeSpent& time_;
    Activity outer_;
  };

  /// Of an activity, until now.
  [[nodiscard]] std::chrono::nanoseconds of(Activity activity) noexcept {
    switch_to(current_);
    return spent_[static_cast<std::size_t>(activity)];
  }

 private:
  Activity switch_to(Activity activity) noexcept;

  Activity current_ = Activity::kOrdering;
  Clock::time_point since_ = Clock::now();
  std::array<std::chrono::nanoseconds, kActivities> spent_{};
};

}  // namespace framespec::conformance
