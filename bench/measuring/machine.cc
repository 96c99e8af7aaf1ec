#include "measuring/machine.h"

#include <gnu/libc-version.h>
#include <sched.h>
#include <sys/utsname.h>

#include <fstream>
#include <sstream>

namespace framespec::bench {
namespace {

std::string first_line_of(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// Processors of other architectures have no "model name"; some tell "Model" or "cpu".
std::string processor_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  utsname names{};
  return ::uname(&names) == 0 ? names.machine : "";
}

int usable_processors() {
  cpu_set_t set;
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 0;
}

}  // namespace

Machine this_machine() {
  Machine machine;
  machine.processor = processor_model();
  machine.processor_count = usable_processors();
  utsname names{};
  if (::uname(&names) == 0) {
    machine.host = names.nodename;
    machine.kernel = std::string(names.sysname) + " " + names.release;
  }
  machine.libc = std::string("glibc ") + ::gnu_get_libc_version();
  machine.governor = first_line_of("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  return machine;
}

std::optional<double> load_average() {
  std::istringstream words(first_line_of("/proc/loadavg"));
  double average = 0;
  return words >> average ? std::optional(average) : std::nullopt;
}

}  // namespace framespec::bench
