#include "cli/report_command.h"

#include <expected>
#include <filesystem>
#include <iterator>
#include <utility>

#include "cli/exit.h"
#include "cli/figure_range.h"
#include "cli/name_filter.h"
#include "cli/output.h"
#include "history/series.h"
#include "power/trial_file.h"
#include "report/comparison_section.h"
#include "report/document.h"
#include "report/growth_section.h"
#include "report/history_section.h"
#include "report/latency_section.h"
#include "report/power_section.h"

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kReportTitle = "Benchmarks";

void append(Blocks& blocks, Blocks more) {
  blocks.insert(blocks.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
}

std::expected<Blocks, std::string> blocks_of_history(const std::string& file,
                                                     const ReportCommand& command) {
  auto history = History::open(file);
  if (!history) return std::unexpected(history.error());
  auto all = read_series(*history);
  if (!all) return std::unexpected(all.error());
  keep_matching(*all, command.filter);
  Blocks blocks = history_section(*all, {.effect = command.effect_percent / 100});
  append(blocks, growth_section(*all));
  append(blocks, latency_section(*all));
  return blocks;
}

/// Of a history, of the trials of selftest, or of what compare --json wrote. The error is a
/// sentence.
std::expected<Blocks, std::string> blocks_of(const std::string& file,
                                             const ReportCommand& command) {
  const auto text = read_text(file);
  if (!text) return std::unexpected(file + " cannot be read");
  if (text->starts_with("SQLite format 3")) return blocks_of_history(file, command);
  if (is_trial_file(*text)) {
    const auto trials = read_trials(*text);
    if (!trials) return std::unexpected(file + ": " + trials.error());
    return power_section(*trials);
  }
  const auto saved = read_comparison_json(*text);
  if (!saved) return std::unexpected(file + ": " + saved.error());
  return comparison_section(*saved);
}

/// The path of the file that could not be written, if one could not.
std::string write_markdown(const fs::path& file, const Blocks& blocks) {
  const auto [text, figures] = markdown_page(kReportTitle, blocks, file.stem().string());
  for (const auto& [name, svg] : figures) {
    const std::string path = (file.parent_path() / name).string();
    if (!write_output(path, svg)) return path;
  }
  return write_output(file.string(), text) ? "" : file.string();
}

}  // namespace

void add_report(CLI::App& app, ReportCommand& command) {
  CLI::App* const report = app.add_subcommand(
      "report", "Draw histories and comparisons: a page of HTML, or Markdown with plots");
  report
      ->add_option("files", command.files,
                   "Histories (run --history), results of comparisons (compare --json), and trials "
                   "(selftest)")
      ->type_name("FILE")
      ->required();
  report
      ->add_option("--html", command.html_file,
                   "Write one file without a script, which fetches nothing")
      ->type_name("FILE");
  report
      ->add_option("--markdown", command.markdown_file,
                   "Write Markdown, and beside it its plots: NAME-1.svg and so on")
      ->type_name("FILE");
  add_name_filter(*report, command.filter, "Of histories, only benchmarks whose name matches");
  report
      ->add_option("--effect", command.effect_percent,
                   "The change of time in a history that matters, in per cent")
      ->check(figure_between(0.1, 100.0))
      ->capture_default_str()
      ->type_name("PERCENT");
  report->footer(
      "Exit codes: 0 written, whatever the report says; 2 wrong usage, 3 a file could not be read "
      "or written.\ndocs/benchmark-history.md shows one.");
}

int write_report(const ReportCommand& command) {
  if (command.html_file.empty() && command.markdown_file.empty()) {
    return fail(kExitUsage, "report: --html FILE or --markdown FILE says what to write");
  }
  Blocks blocks;
  for (const std::string& file : command.files) {
    auto more = blocks_of(file, command);
    if (!more) return fail(kExitCannotWork, more.error());
    append(blocks, *std::move(more));
  }
  if (!command.html_file.empty() &&
      !write_output(command.html_file, html_page(kReportTitle, blocks))) {
    return fail(kExitCannotWork, command.html_file + " cannot be written");
  }
  if (command.markdown_file.empty()) return 0;
  const std::string unwritten = write_markdown(command.markdown_file, blocks);
  return unwritten.empty() ? 0 : fail(kExitCannotWork, unwritten + " cannot be written");
}

}  // namespace framespec::bench
