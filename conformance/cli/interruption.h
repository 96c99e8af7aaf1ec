// Ctrl-C: the first one asks for an orderly end, the second one does not ask.
#pragma once

#include <atomic>
#include <chrono>

namespace framespec::conformance {

/// Installs handlers for SIGINT, SIGTERM and SIGHUP, and ignores SIGPIPE and SIGXFSZ. The flag
/// becomes true at the first of the three; a second one ends the program at once (launched testees
/// are ended by their guards). To be called once, before any thread is started.
[[nodiscard]] const std::atomic<bool>& watch_for_interruption();

/// Makes the flag true after so much time, too. To be called once, after watch_for_interruption().
void interrupt_after(std::chrono::milliseconds time);

/// Whether it was the time of interrupt_after() that made the flag true.
[[nodiscard]] bool is_time_up() noexcept;

}  // namespace framespec::conformance
