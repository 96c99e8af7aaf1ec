#include "phenomena/experiments.h"

#include <vector>

namespace framespec::phenomena {

std::span<const Experiment> experiments() {
  static const std::vector<Experiment> all = {sticky(),   nagle(),   cork(),
                                              quickack(), backlog(), time_wait()};
  return all;
}

}  // namespace framespec::phenomena
