#include "measuring/dry_run.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace framespec::bench {

const Sample* DryRun::find(const std::string& benchmark) const {
  const auto found = std::ranges::find(samples, benchmark, &Sample::benchmark);
  return found == samples.end() ? nullptr : &*found;
}

std::expected<DryRun, std::string> dry_run(const BenchmarkProgram& program,
                                           const std::string& filter) {
  auto repetitions = program.run(filter, kOnce);
  if (!repetitions) return std::unexpected(repetitions.error());
  const std::string text = read_text(program.results_file()).value_or("");
  DryRun run{.unmeasured = unmeasured_in(text), .context = context_of_benchmark_json(text)};
  for (Sample& sample : *repetitions) {
    const auto kept = std::ranges::find(run.samples, sample.benchmark, &Sample::benchmark);
    if (kept == run.samples.end()) {
      run.samples.push_back(std::move(sample));
    } else if (sample.error && !kept->error) {
      *kept = std::move(sample);
    }
  }
  return run;
}

bool is_same_work(const Sample& one, const Sample& other) {
  if (!one.items_an_iteration || !other.items_an_iteration) return true;
  constexpr double kRounding = 0.001;
  return std::abs(*other.items_an_iteration / *one.items_an_iteration - 1) <= kRounding;
}

bool is_same(const DryRun& one, const DryRun& other) {
  return one.unmeasured == other.unmeasured && one.samples.size() == other.samples.size() &&
         std::ranges::all_of(one.samples, [&](const Sample& sample) {
           const Sample* const found = other.find(sample.benchmark);
           return found != nullptr && found->error == sample.error && is_same_work(sample, *found);
         });
}

}  // namespace framespec::bench
