#include "history/run_record.h"

namespace framespec::bench {

std::string machine_name(const Machine& machine) {
  std::string name = machine.processor;
  if (name.empty()) name = machine.host.empty() ? "unknown machine" : "host " + machine.host;
  if (machine.processor_count > 0) name += " x " + std::to_string(machine.processor_count);
  return name;
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
