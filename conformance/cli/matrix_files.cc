#include "cli/matrix_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <tuple>
#include <utility>

#include "framespec/printable.h"
#include "outputs/html_report.h"
#include "report/comparison.h"
#include "report/merged_run.h"
#include "report/output_place.h"

namespace framespec::conformance {
namespace {

namespace fs = std::filesystem;

/// The page of those that were run, each with what is otherwise than in its earlier run.
std::string page_of(const MatrixResult& result, const MaybeRuns& earlier,
                    const std::string& called) {
  std::vector<Comparison> changes(result.runs.size());
  std::vector<HtmlSubject> subjects;
  std::vector<std::string> not_run;
  for (std::size_t index = 0; index < result.runs.size(); ++index) {
    const MatrixRun& each = result.runs[index];
    if (!each.run) {
      not_run.push_back(each.testee.name);
      continue;
    }
    const bool is_compared = index < earlier.size() && earlier[index].has_value();
    if (is_compared) changes[index] = compare(*each.run, *earlier[index]);
    subjects.push_back({.name = each.testee.name,
                        .implementation = each.testee.implementation,
                        .run = &*each.run,
                        .changes = is_compared ? &changes[index] : nullptr,
                        .earlier = called});
  }
  return html_report(subjects, not_run);
}

}  // namespace

std::string absolute(const std::string& path) {
  std::error_code unknown;
  const fs::path place = fs::absolute(path, unknown);
  return unknown ? path : place.string();
}

std::string events_of(const std::string& folder, const MatrixTestee& testee) {
  return folder + "/" + testee.name + ".ndjson";
}

std::expected<MaybeRuns, std::string> read_runs(const std::string& folder,
                                                const std::vector<MatrixTestee>& testees) {
  MaybeRuns runs;
  for (const MatrixTestee& testee : testees) {
    const std::string file = events_of(folder, testee);
    std::error_code unknown;
    runs.emplace_back();
    if (!fs::exists(file, unknown)) continue;
    auto run = read_merged_run({file});
    if (!run) return std::unexpected(run.error());
    runs.back() = *std::move(run);
  }
  if (std::ranges::none_of(runs, [](const auto& run) { return run.has_value(); })) {
    return std::unexpected(fmt::format("{}: there are no events of any testee in it", folder));
  }
  return runs;
}

std::expected<void, std::string> are_of(const MaybeRuns& runs,
                                        const std::vector<MatrixTestee>& testees) {
  for (std::size_t index = 0; index < runs.size(); ++index) {
    if (!runs[index]) continue;
    const MatrixTestee& testee = testees[index];
    const TesteeChoice& ran = runs[index]->testee;
    const bool is_client = testee.launch.empty();
    const std::string& command = is_client ? testee.client : testee.launch;
    if (ran.value == command && ran.is_client() == is_client) continue;
    return std::unexpected(
        fmt::format("testee {}: its events are of the {} '{}', and the list has the {} '{}'",
                    testee.name, ran.is_client() ? "client" : "server", printable(ran.value),
                    is_client ? "client" : "server", printable(command)));
  }
  return {};
}

namespace {

/// Which option, or argument, has this place already; nothing where none has.
std::optional<std::string> taken_by(const std::string& path, const MatrixCommand& command,
                                    const std::vector<MatrixTestee>& testees) {
  if (is_one_place(path, command.matrix_file)) return "the list";
  for (const auto& [option, folder] :
       {std::pair{"--events", &command.events_folder}, std::pair{"--from", &command.from_folder},
        std::pair{"--against", &command.against_folder}}) {
    if (folder->empty()) continue;
    for (const MatrixTestee& testee : testees) {
      if (is_one_place(path, events_of(*folder, testee))) {
        return fmt::format("{} (the events of {})", option, testee.name);
      }
    }
  }
  return std::nullopt;
}

}  // namespace

std::expected<MatrixFiles, std::string> MatrixFiles::open(
    const MatrixCommand& command, const std::vector<MatrixTestee>& testees) {
  if (!command.json_file.empty() && is_one_place(command.json_file, command.html_file)) {
    return std::unexpected("--json and --html name the same file");
  }
  MatrixFiles files;
  files.earlier_name_ = command.against_folder;
  for (const auto& [option, path, what, file] :
       {std::tuple{"--json", &command.json_file, "the result", &files.json_},
        std::tuple{"--html", &command.html_file, "the page", &files.html_}}) {
    if (path->empty()) continue;
    if (const auto taken = taken_by(*path, command, testees)) {
      return std::unexpected(fmt::format("{} and {} name the same file", option, *taken));
    }
    auto created = ReportFile::create(absolute(*path), what);
    if (!created) return std::unexpected(fmt::format("{}: {}", option, created.error()));
    file->emplace(*std::move(created));
  }
  return files;
}

std::expected<void, std::string> MatrixFiles::write(const MatrixResult& result,
                                                    const MaybeRuns& earlier) {
  std::expected<void, std::string> all;
  if (json_) all = json_->commit(matrix_json(result));
  if (html_) {
    const auto written = html_->commit(page_of(result, earlier, earlier_name_));
    if (!written && all) all = written;
  }
  return all;
}

}  // namespace framespec::conformance
