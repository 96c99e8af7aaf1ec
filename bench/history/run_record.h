// One run of one benchmark program, as it is kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "measuring/benchmark_json.h"
#include "measuring/calibration.h"
#include "measuring/machine.h"
#include "revisions/git.h"

namespace framespec::bench {

struct RunRecord {
  /// Given by the history, from 1 on.
  std::int64_t id = 0;
  /// Seconds since 1970.
  std::int64_t began_at_s = 0;
  /// The name of its file.
  std::string program = {};
  std::optional<Commit> commit = std::nullopt;
  Machine machine = {};
  std::optional<Calibration> calibration = std::nullopt;
  /// Of the minute before.
  std::optional<double> load_average = std::nullopt;
  /// What the program said of itself: an object of JSON, as text.
  std::string context = "{}";
};

struct MeasuredRun {
  RunRecord record;
  std::vector<Sample> samples;
};

/// What tells machines apart: times of different ones do not stand in one series. The processor and
/// how many of them; where the processor is not known, the host instead.
std::string machine_name(const Machine& machine);

/// As people know it: twelve digits, with "-dirty" if the files differed from it; whole if it is no
/// hash.
std::string short_commit(const Commit& commit);

/// The place of the run in the order of a history: the time of its commit, or else its own.
std::int64_t place_in_time_s(const RunRecord& record);

}  // namespace framespec::bench
