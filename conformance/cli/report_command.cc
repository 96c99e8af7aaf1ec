#include "cli/report_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "cli/exit.h"
#include "report/merged_run.h"
#include "report/output_place.h"
#include "report/report_file.h"
#include "report/report_json.h"
#include "report/summary.h"

namespace framespec::conformance {

int report_run(const ReportCommand& command) {
  const bool is_json_shown = command.json_file == "-";
  const auto merged = read_merged_run(command.events_files);
  if (!merged) return fail(kExitUsage, merged.error());
  const RunResult& run = *merged;
  std::optional<ReportFile> report;
  if (!command.json_file.empty() && !is_json_shown) {
    if (std::ranges::any_of(command.events_files, [&](const std::string& events) {
          return is_one_place(events, command.json_file);
        })) {
      return fail(kExitUsage, "--json names a file of events, which it would replace");
    }
    auto file = ReportFile::create(command.json_file);
    if (!file) return fail(kExitUsage, "--json: " + file.error());
    report.emplace(std::move(*file));
  }
  if (is_json_shown) {
    fmt::print("{}", report_json(run));
  } else {
    fmt::print("{}", summary_of(run, Style::of(STDOUT_FILENO)));
  }
  if (report) {
    if (auto written = report->commit(report_json(run)); !written) {
      return fail(kExitCannotWork, written.error());
    }
  }
  return judge_run(run).code;
}

}  // namespace framespec::conformance
