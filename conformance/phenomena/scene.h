// What two ends of a connection did, in the order in which they did it: what a phenomenon is drawn
// from.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace framespec::phenomena {

/// The two ends: the one that connects is on the left.
enum class Who : std::uint8_t { kLeft, kRight };

/// What became of a call's packets, when it came back.
enum class Passage : std::uint8_t {
  kNone,  ///< there were none
  kSent,  ///< they left
  kHeld,  ///< the kernel keeps some of what was written back
  kLost,  ///< they left, and were dropped at the other end
};

/// A call of one of the two.
struct Step {
  std::chrono::nanoseconds at{0};  ///< when it was done, since the scene began
  Who who = Who::kLeft;
  std::string what{};  ///< the call and what it gave, printable: `read(5): "hello"`
  Passage passage = Passage::kNone;
};

struct Scene {
  std::string title{};
  std::string left = "client";
  std::string right = "server";
  std::vector<Step> steps{};
};

}  // namespace framespec::phenomena
