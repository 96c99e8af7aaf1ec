#include "cli/growth_command.h"

#include <fmt/format.h>

#include <expected>
#include <utility>

#include "cli/exit.h"
#include "cli/figure_range.h"
#include "cli/name_filter.h"
#include "history/google_benchmark_json.h"
#include "history/series.h"
#include "report/growth_text.h"

namespace framespec::bench {
namespace {

std::expected<std::vector<BenchmarkSamples>, std::string> read_benchmarks(const std::string& file) {
  const auto text = read_text(file);
  if (!text) return std::unexpected(file + " cannot be read");
  const auto run = read_google_benchmark_json(*text);
  if (!run) return std::unexpected(file + ": " + run.error());
  return by_benchmark(run->samples);
}

}  // namespace

void add_growth(CLI::App& app, GrowthCommand& command) {
  CLI::App* const growth = app.add_subcommand(
      "growth", "Tell how times grow with the number in which the names of benchmarks differ");
  growth
      ->add_option("files", command.files,
                   "What programs of Google Benchmark wrote (--benchmark_out_format=json)")
      ->type_name("FILE")
      ->required();
  add_name_filter(*growth, command.filter);
  growth
      ->add_option("--at-most", command.at_most,
                   "The largest exponent that is good enough: 1 is a time in proportion")
      ->check(figure_between(0.0, 10.0))
      ->type_name("EXPONENT");
  growth->footer(
      "The exponent is that of the power law that fits the medians best, with its interval (95 %); "
      "it wants at\nleast three sizes. Exit codes: 0 none is surely above --at-most, 1 one is, 2 "
      "wrong usage, or no benchmarks\ndiffer in a number alone, 3 a file could not be read.");
}

int show_growth(const GrowthCommand& command) {
  std::size_t families = 0;
  std::size_t exceeding = 0;
  for (const std::string& file : command.files) {
    auto benchmarks = read_benchmarks(file);
    if (!benchmarks) return fail(kExitCannotWork, benchmarks.error());
    keep_matching(*benchmarks, command.filter);
    const GrowthText growth = growth_text(*benchmarks, command.at_most);
    fmt::print("{}", growth.text);
    families += growth.family_count;
    exceeding += growth.exceeding_count;
  }
  if (families == 0) {
    return fail(kExitUsage, "no three benchmarks have names that differ in one number alone");
  }
  return exceeding == 0 ? 0 : 1;
}

}  // namespace framespec::bench
