#include "cli/output_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "cli/option_checks.h"
#include "outputs/html_report.h"
#include "outputs/junit_xml.h"
#include "outputs/sarif_json.h"
#include "report/output_place.h"
#include "report/report_json.h"

namespace framespec::conformance {

void add_outputs(CLI::App& app, OutputOptions& options) {
  app.add_option("--junit", options.junit,
                 "Write JUnit XML to this file, as CI servers read it: a test for each check")
      ->check(not_empty())
      ->type_name("FILE");
  app.add_option("--sarif", options.sarif,
                 "Write the findings to this file as SARIF 2.1.0, for code scanning")
      ->check(not_empty())
      ->type_name("FILE");
  app.add_option("--pcap", options.pcap,
                 "Write a capture of each finding to this folder, made if it is missing: packets\n"
                 "made up of what was sent and came, each with a comment on which step it is")
      ->check(not_empty())
      ->type_name("DIR");
  app.add_option("--html", options.html,
                 "Write a page to this file that shows all of it: findings, each check with its\n"
                 "bytes and cuts, filters. It needs no network, and no other file")
      ->check(not_empty())
      ->type_name("FILE");
  app.add_flag(
      "--github", options.github,
      "In a job of GitHub Actions: an annotation for each finding, and the summary of the\n"
      "job ($GITHUB_STEP_SUMMARY)");
}

std::string page_of_run(const RunResult& run) { return html_report(run); }

std::vector<Output> outputs_of(const OutputOptions& options,
                               const std::function<std::string(const RunResult& run)>& make_page) {
  return {{.option = "--json", .path = options.json, .what = "the report", .make = report_json},
          {.option = "--junit", .path = options.junit, .what = "JUnit XML", .make = junit_xml},
          {.option = "--sarif", .path = options.sarif, .what = "SARIF", .make = sarif_json},
          {.option = "--html", .path = options.html, .what = "the page", .make = make_page}};
}

std::expected<OutputFiles, std::string> OutputFiles::open(std::vector<Output> outputs,
                                                          const std::vector<NamedFile>& others) {
  std::erase_if(outputs, [](const Output& output) {
    return output.path.empty() || output.path == kStandardOutput;
  });
  std::vector<NamedFile> taken;
  std::ranges::copy_if(others, std::back_inserter(taken),
                       [](const NamedFile& file) { return !file.path.empty(); });
  for (const Output& output : outputs) {
    const auto same = std::ranges::find_if(
        taken, [&](const NamedFile& file) { return is_one_place(file.path, output.path); });
    if (same != taken.end()) {
      return std::unexpected(
          fmt::format("{} and {} name the same file", same->option, output.option));
    }
    taken.push_back({.option = output.option, .path = output.path});
  }
  OutputFiles files;
  for (Output& output : outputs) {
    auto file = ReportFile::create(output.path, output.what);
    if (!file) return std::unexpected(fmt::format("{}: {}", output.option, file.error()));
    files.files_.push_back({.output = std::move(output), .file = *std::move(file)});
  }
  return files;
}

std::expected<void, std::string> OutputFiles::write(const RunResult& run) {
  std::expected<void, std::string> all;
  for (File& each : files_) {
    const auto written = each.file.commit(each.output.make(run));
    if (!written && all) all = std::unexpected(written.error());
  }
  return all;
}

}  // namespace framespec::conformance
