#include "cli/report_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/exit.h"
#include "report/comparison_text.h"
#include "report/merged_run.h"
#include "report/output_place.h"
#include "report/report_file.h"
#include "report/report_json.h"
#include "report/summary.h"

namespace framespec::conformance {
namespace {

constexpr const char* kStandardOutput = "-";

/// Nothing where none is wanted, or standard output is; or a sentence about the place.
std::expected<std::optional<ReportFile>, std::string> open_output(const ReportCommand& command,
                                                                  const std::string& path,
                                                                  const char* option,
                                                                  const char* what) {
  if (path.empty() || path == kStandardOutput) return std::nullopt;
  const auto is_same = [&](const std::string& input) { return is_one_place(input, path); };
  if (std::ranges::any_of(command.events_files, is_same) ||
      std::ranges::any_of(command.against, is_same)) {
    return std::unexpected(
        fmt::format("{} names a file of events, which it would replace", option));
  }
  auto file = ReportFile::create(path, what);
  if (!file) return std::unexpected(fmt::format("{}: {}", option, file.error()));
  return *std::move(file);
}

std::string named(const std::vector<std::string>& files) {
  return files.size() == 1 ? files.front() : fmt::format("{} and others", files.front());
}

}  // namespace

int report_run(const ReportCommand& command) {
  const bool is_json_shown = command.json_file == kStandardOutput;
  const bool is_markdown_shown = command.markdown_file == kStandardOutput;
  if (is_json_shown && is_markdown_shown) {
    return fail(kExitUsage, "--json and --markdown both name standard output");
  }
  const auto run = read_merged_run(command.events_files);
  if (!run) return fail(kExitUsage, run.error());
  std::optional<RunResult> earlier;
  if (!command.against.empty()) {
    auto read = read_merged_run(command.against);
    if (!read) return fail(kExitUsage, "--against " + read.error());
    earlier = *std::move(read);
  }
  auto json = open_output(command, command.json_file, "--json", "the report");
  if (!json) return fail(kExitUsage, json.error());
  auto markdown = open_output(command, command.markdown_file, "--markdown", "the comparison");
  if (!markdown) return fail(kExitUsage, markdown.error());
  if (*json && *markdown && is_one_place(command.json_file, command.markdown_file)) {
    return fail(kExitUsage, "--json and --markdown name the same file");
  }

  int exit_code = judge_run(*run).code;
  std::string table;
  std::string shown;
  if (earlier) {
    const Comparison comparison = compare(*run, *earlier);
    exit_code = comparison.exit.code;
    table = comparison_markdown(comparison, *run, named(command.against));
    shown = comparison_text(comparison, *run, named(command.against), Style::of(STDOUT_FILENO));
  } else {
    shown = summary_of(*run, Style::of(STDOUT_FILENO));
  }
  fmt::print("{}", is_json_shown ? report_json(*run) : is_markdown_shown ? table : shown);
  const auto write = [&exit_code](std::optional<ReportFile>& file, const std::string& content) {
    if (!file) return;
    if (const auto written = file->commit(content); !written) {
      exit_code = fail(kExitCannotWork, written.error());
    }
  };
  if (*json) write(*json, report_json(*run));
  write(*markdown, table);
  return exit_code;
}

}  // namespace framespec::conformance
