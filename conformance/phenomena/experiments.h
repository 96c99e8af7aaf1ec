// The phenomena, each with the experiment that plays it. An experiment prints nothing.
#pragma once

#include <span>

#include "phenomena/phenomenon.h"
#include "phenomena/stage.h"

namespace framespec::phenomena {

struct Experiment {
  Phenomenon phenomenon;
  Played (*play)(Stage& stage);  ///< may throw CannotPlay
};

[[nodiscard]] std::span<const Experiment> experiments();

// Each is in a file of its own.
[[nodiscard]] Experiment sticky();
[[nodiscard]] Experiment nagle();
[[nodiscard]] Experiment cork();
[[nodiscard]] Experiment quickack();
[[nodiscard]] Experiment backlog();
[[nodiscard]] Experiment time_wait();

}  // namespace framespec::phenomena
