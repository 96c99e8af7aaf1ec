#include "phenomena/phenomenon.h"

#include <algorithm>
#include <utility>

#include "phenomena/experiments.h"
#include "phenomena/stage.h"

namespace framespec::phenomena {

std::chrono::nanoseconds Way::median() const {
  if (took.empty()) return std::chrono::nanoseconds(0);
  std::vector<std::chrono::nanoseconds> sorted = took;
  std::ranges::sort(sorted);
  return sorted[sorted.size() / 2];
}

bool is_much_slower(const Way& slow, const Way& quick) {
  constexpr int kTimes = 4;
  return slow.median() >= kTimes * quick.median();
}

std::span<const Phenomenon> all_phenomena() {
  static const std::vector<Phenomenon> all = [] {
    std::vector<Phenomenon> described;
    for (const Experiment& experiment : experiments()) described.push_back(experiment.phenomenon);
    return described;
  }();
  return all;
}

std::expected<Played, std::string> play(const std::string& name,
                                        const std::atomic<bool>& interrupted) {
  const auto named = [&name](const Experiment& each) { return each.phenomenon.name == name; };
  try {
    Stage stage(interrupted);
    Played played = std::ranges::find_if(experiments(), named)->play(stage);
    played.connections = stage.connections();
    return played;
  } catch (const CannotPlay& reason) {
    return std::unexpected(std::string(reason.what()));
  }
}

}  // namespace framespec::phenomena
