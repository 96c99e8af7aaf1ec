#include "report/open_checks_file.h"

#include "report/recorded_run.h"

namespace framespec::conformance {

std::expected<OpenChecks, std::string> read_open_checks(const std::string& path) {
  const auto log = read_run(path);
  if (!log) return std::unexpected(log.error());
  const RunResult& run = log->result();
  OpenChecks checks{.file = path, .has_ended = run.has_ended};
  for (const DialectResult& dialect : run.dialects) {
    for (const PlanResult& plan : dialect.plans) {
      const bool has_passed = plan.judgement.verdict == Verdict::kPass;
      (has_passed ? checks.passed : checks.open).insert(plan.id);
    }
  }
  return checks;
}

}  // namespace framespec::conformance
