// Whether a testee says "unimplemented" where it has to: it is offered a dialect that nobody has.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "launch/testee_setup.h"
#include "runner/observation.h"
#include "suite/suite.h"

namespace framespec::conformance {

/// The name of that dialect.
inline constexpr std::string_view kNonsenseDialect = "nonsense-no-such-dialect-c27e91";

/// What a testee does that is offered it.
struct NonsenseAnswer {
  enum class Kind : std::uint8_t {
    kDeclined,  ///< exit status 89, before it echoed a frame: as it must be
    kEnded,     ///< another status, or a signal
    kEchoed,    ///< it answered a frame, as if the dialect were its own
    kServed,    ///< it listened, and neither declined nor answered a frame
    kSilent,    ///< it neither ended nor listened in time: it may be slow, and nothing is known
  };
  Kind kind = Kind::kDeclined;
  std::string reason;  ///< what it did, as a sentence's end: "it exited with status 1"
  std::chrono::milliseconds duration{0};  ///< of the offer, from its start to its end
};

struct NonsenseOffer {
  /// A testee that is launched, and asks for the dialect; start_limit is how long it may take.
  TesteeSetup testee;
  Observation observed{};
  std::uint64_t max_payload = 0;
  std::chrono::milliseconds time_limit{0};  ///< how long it may be silent after a frame
  const std::atomic<bool>* cancelled = nullptr;
  std::function<void(std::string_view)> waits_for;  ///< Testee::waits_for
};

/// Whether the testee is to be told how to decline: never one that may only be slow.
[[nodiscard]] constexpr bool is_to_be_told(NonsenseAnswer::Kind kind) noexcept {
  return kind != NonsenseAnswer::Kind::kDeclined && kind != NonsenseAnswer::Kind::kSilent;
}

/// Starts a testee for the nonsense dialect, sends it one frame of the source's dialect if it
/// listens, and ends it. Nothing where it could not be started, or the user has had enough.
[[nodiscard]] std::optional<NonsenseAnswer> offer_nonsense(const NonsenseOffer& offer,
                                                           const PlanSource& source);

/// The name that reports use: "declined".
[[nodiscard]] std::string_view name_of(NonsenseAnswer::Kind kind) noexcept;

}  // namespace framespec::conformance
