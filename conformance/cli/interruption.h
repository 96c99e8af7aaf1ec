// Ctrl-C: the first one asks for an orderly end, the second one does not ask.
#pragma once

#include <atomic>

namespace framespec::conformance {

/// Installs handlers for SIGINT, SIGTERM and SIGHUP, and ignores SIGPIPE. The flag becomes true at
/// the first of the three; a second one ends the program at once (launched testees are ended by
/// their guards). To be called once, before any thread is started.
[[nodiscard]] const std::atomic<bool>& watch_for_interruption();

}  // namespace framespec::conformance
