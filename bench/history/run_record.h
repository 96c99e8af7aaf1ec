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
  /// The name of its file; of a folder that was compared, its path below that.
  std::string program = {};
  std::optional<Commit> commit = std::nullopt;
  Machine machine = {};
  std::optional<Calibration> calibration = std::nullopt;
  /// Of the minute before.
  std::optional<double> load_average = std::nullopt;
  /// Whether it was measured while others ran on the same CPU, as compare does it: such times are
  /// longer, and no series with others.
  bool is_side_by_side = false;
  /// What the program said of itself: an object of JSON, as text.
  std::string context = "{}";
};

struct MeasuredRun {
  RunRecord record;
  std::vector<Sample> samples;
};

/// What is known of a run that begins now, on this machine: its time, and how fast the machine is
/// (that takes a moment).
RunRecord record_of_now();

/// What tells machines apart. The processor and how many of them; where the processor is not known,
/// the host instead.
std::string machine_name(const Machine& machine);

/// The machine, and the manner in which was measured: times of different ones do not stand in one
/// series.
std::string place_name(const RunRecord& record);

/// As people know it: twelve digits, with "-dirty" if the files differed from it; whole if it is no
/// hash.
std::string short_commit(const Commit& commit);

/// The place of the run in the order of a history: the time of its commit, or else its own.
std::int64_t place_in_time_s(const RunRecord& record);

}  // namespace framespec::bench
