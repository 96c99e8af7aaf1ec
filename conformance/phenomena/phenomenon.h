// A statement about TCP that is played for real on loopback, and what was seen of it.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <vector>

#include "phenomena/scene.h"

namespace framespec::phenomena {

/// One of the ways in which it was played, and what each time gave.
struct Way {
  std::string name{};
  std::vector<std::chrono::nanoseconds> took{};  ///< of each run; none where time is not the point
  std::string outcome{};                         ///< the other figures, in a few words

  /// The middle one of an odd number of runs, of an even one the later of the two; of none: 0.
  [[nodiscard]] std::chrono::nanoseconds median() const;
};

/// Whether the median of `slow` is at least four times that of `quick`: more than a busy machine
/// makes of the same work.
[[nodiscard]] bool is_much_slower(const Way& slow, const Way& quick);

/// A connection that was played on, as a capture of packets has it.
struct PlayedConnection {
  std::uint16_t left_port = 0;
  std::uint16_t right_port = 0;
  std::string what{};  ///< "as written, run 2"
};

/// What was seen, this time and on this machine.
struct Played {
  std::vector<Scene> scenes{};  ///< each of one run
  std::string measured{};       ///< what `took` is of the ways; empty where it is nothing
  std::vector<Way> ways{};
  bool is_shown = false;
  std::string
      seen{};  ///< with the figures of this run: that it was shown, or what was seen instead
  std::vector<PlayedConnection> connections{};
};

/// The same of every run.
struct Phenomenon {
  std::string name{};
  std::string statement{};            ///< one sentence
  std::vector<std::string> advice{};  ///< what to do about it, and where to read on
};

/// All of them, in the order in which to learn them. They live for ever.
[[nodiscard]] std::span<const Phenomenon> all_phenomena();

/// Plays the one of that name, which must be one of them, in this thread. It takes a few seconds at
/// most, unless the machine stands still: what does not come is given up after 10 s. Fails with a
/// sentence then, where the system refuses a socket, and soon after `interrupted` has become true.
[[nodiscard]] std::expected<Played, std::string> play(const std::string& name,
                                                      const std::atomic<bool>& interrupted);

}  // namespace framespec::phenomena
