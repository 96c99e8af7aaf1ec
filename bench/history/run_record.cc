#include "history/run_record.h"

#include <ctime>

namespace framespec::bench {

RunRecord record_of_now() {
  RunRecord record;
  record.began_at_s = std::time(nullptr);
  record.machine = this_machine();
  record.load_average = load_average();
  record.calibration = calibrate();
  return record;
}

std::string machine_name(const Machine& machine) {
  std::string name = machine.processor;
  if (name.empty()) name = machine.host.empty() ? "unknown machine" : "host " + machine.host;
  if (machine.processor_count > 0) name += " x " + std::to_string(machine.processor_count);
  return name;
}

std::string place_name(const RunRecord& record) {
  return machine_name(record.machine) + (record.is_side_by_side ? ", side by side" : "");
}

std::string short_commit(const Commit& commit) {
  constexpr std::size_t kHash = 40;
  constexpr std::size_t kShort = 12;
  const std::size_t digits = commit.id.find_first_not_of("0123456789abcdef");
  const std::string behind = digits == std::string::npos ? "" : commit.id.substr(digits);
  if (commit.id.size() - behind.size() != kHash) return commit.id;
  return commit.id.substr(0, kShort) + behind;
}

std::int64_t place_in_time_s(const RunRecord& record) {
  return record.commit ? record.commit->time_s.value_or(record.began_at_s) : record.began_at_s;
}

}  // namespace framespec::bench
