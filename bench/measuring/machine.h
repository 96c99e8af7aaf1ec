// What a machine is, as far as times depend on it.
#pragma once

#include <optional>
#include <string>

namespace framespec::bench {

/// Empty, or 0, where it is not known.
struct Machine {
  /// Model name, as /proc/cpuinfo has it.
  std::string processor = {};
  /// How many a process may use.
  int processor_count = 0;
  std::string host = {};
  std::string kernel = {};
  /// Name and version of the C library.
  std::string libc = {};
  /// Of the clock of the first processor ("performance", "powersave"); virtual machines have none.
  std::string governor = {};

  bool operator==(const Machine&) const = default;
};

Machine this_machine();

/// How many processes wanted a processor, on average over the last minute; none if that is unknown.
std::optional<double> load_average();

}  // namespace framespec::bench
