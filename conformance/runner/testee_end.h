// How a testee ends while a plan is carried out on it, or with that.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "launch/testee.h"
#include "runner/execute.h"
#include "runner/patience.h"
#include "runner/verdict.h"

namespace framespec::conformance {

/// The steps are done, and the connections closed: notes in `attempt` that the testee has ended; of
/// a client that lives for one connection, that it has not, or how. Its exit status is its own
/// affair. One that declines says so with 89, while it may.
void note_end(Testee& testee, const ExecuteOptions& options, Attempt& attempt);

/// A wait for a client to end by itself.
struct WaitForEnd {
  enum class Shown : std::uint8_t { kNothing, kMore, kTooMuch };

  Testee& testee;
  const WaitLimits& limits;
  Patience::Clock::time_point since;   ///< it has been silent since
  const std::atomic<bool>* cancelled;  ///< may be null
  /// Takes what the client shows or sends, or waits a little for that or for its end. Silence
  /// begins anew behind kMore; kTooMuch ends the wait.
  std::function<Shown()> take_more;
};

/// What became of it.
struct WaitedForEnd {
  std::optional<ProcessEnd> end{};  ///< nothing: it goes on running
  bool is_cancelled = false;
  Silence slowest{};  ///< the longest that ended, if only with the client
  /// Where it goes on running: for how long it was silent; or, as it was not, for how long it was
  /// waited for altogether.
  std::chrono::milliseconds waited{0};
  bool was_silent = true;
  bool was_at_work = false;
};

[[nodiscard]] WaitedForEnd wait_for_end(const WaitForEnd& wait);

/// Of a client that goes on running; `more` is what is to be said of it besides: "; and so on".
[[nodiscard]] Failure still_running(Testee& testee, const WaitedForEnd& waited,
                                    std::string_view more = {});

}  // namespace framespec::conformance
