// Where and when an attempt took place, as far as the events of its run tell.
#pragma once

#include <chrono>

#include "outputs/tcp_talk.h"
#include "report/recorded_attempts.h"

namespace framespec::conformance {

/// The ports of its first connection; kMadeUpPort where the command does not name that of the
/// listening side. IPv6 where its address is one in brackets.
[[nodiscard]] TalkPlace place_of(const TesteeChoice& testee);

/// When it began, since 1970.
[[nodiscard]] std::chrono::microseconds beginning_of(const RecordedAttempt& attempt);

}  // namespace framespec::conformance
