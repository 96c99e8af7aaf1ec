#include "cli/report_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/capture_folder.h"
#include "cli/exit.h"
#include "cli/github_output.h"
#include "outputs/html_report.h"
#include "report/comparison_text.h"
#include "report/merged_run.h"
#include "report/report_json.h"
#include "report/summary.h"

namespace framespec::conformance {
namespace {

std::string named(const std::vector<std::string>& files) {
  return files.size() == 1 ? files.front() : fmt::format("{} and others", files.front());
}

/// What is read, and must not be written over, and the folder of captures.
std::vector<NamedFile> inputs_of(const ReportCommand& command) {
  std::vector<NamedFile> files;
  files.reserve(command.events_files.size() + command.against.size() + 1);
  for (const std::string& path : command.events_files) {
    files.push_back({.option = "the events", .path = path});
  }
  for (const std::string& path : command.against) {
    files.push_back({.option = "--against", .path = path});
  }
  files.push_back({.option = "--pcap", .path = command.outputs.pcap});
  return files;
}

}  // namespace

int report_run(const ReportCommand& command) {
  const bool is_json_shown = command.outputs.json == kStandardOutput;
  const bool is_markdown_shown = command.markdown_file == kStandardOutput;
  if (is_json_shown && is_markdown_shown) {
    return fail(kExitUsage, "--json and --markdown both name standard output");
  }
  const auto run = read_merged_run(command.events_files);
  if (!run) return fail(kExitUsage, run.error());
  std::optional<RunResult> earlier;
  std::optional<Comparison> comparison;
  if (!command.against.empty()) {
    auto read = read_merged_run(command.against);
    if (!read) return fail(kExitUsage, "--against " + read.error());
    earlier = *std::move(read);
    comparison = compare(*run, *earlier);
  }
  const auto table = [&](const RunResult& later) {
    return comparison_markdown(*comparison, later, named(command.against));
  };
  const auto page = [&](const RunResult& later) {
    return html_report(later, comparison ? &*comparison : nullptr,
                       comparison ? named(command.against) : std::string());
  };
  std::vector<Output> outputs = outputs_of(command.outputs, page);
  outputs.push_back({.option = "--markdown",
                     .path = command.markdown_file,
                     .what = "the comparison",
                     .make = table});
  auto files = OutputFiles::open(std::move(outputs), inputs_of(command));
  if (!files) return fail(kExitUsage, files.error());
  const auto captures = CaptureFolder::open(command.outputs.pcap);
  if (!captures) return fail(kExitUsage, captures.error());
  auto github = GithubOutput::open(command.outputs.github);
  if (!github) return fail(kExitUsage, github.error());

  const Style style = Style::of(STDOUT_FILENO);
  if (is_json_shown) {
    fmt::print("{}", report_json(*run));
  } else if (is_markdown_shown) {
    fmt::print("{}", table(*run));
  } else {
    fmt::print("{}", github->text(*run, comparison ? comparison_text(*comparison, *run,
                                                                     named(command.against), style)
                                                   : summary_of(*run, style)));
  }
  int exit_code = comparison ? comparison->exit.code : judge_run(*run).code;
  for (const auto& written : {files->write(*run), github->write_summary(*run),
                              captures->write(*run, command.events_files)}) {
    if (!written) exit_code = fail(kExitCannotWork, written.error());
  }
  return exit_code;
}

}  // namespace framespec::conformance
