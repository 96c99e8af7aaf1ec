#include "comparing/comparison.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <span>
#include <utility>

#include "measuring/scratch_folder.h"

namespace framespec::bench {
namespace {

struct CommonBenchmark {
  const StagedPrograms* programs = nullptr;
  /// Index of their samples.
  std::size_t pair = 0;
  std::string benchmark;
  /// Why nothing can be measured of it; empty if it can.
  std::string unmeasured;
};

std::string in_words(double count) {
  std::string text = std::to_string(std::llround(count));
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

/// What is wrong with a benchmark that ran on both sides; empty if nothing is.
std::string fault(const Sample& a, const Sample& b) {
  if (a.error) return "A: " + *a.error;
  if (b.error) return "B: " + *b.error;
  if (!is_same_work(a, b)) {
    return "an iteration does not do the same work: " + in_words(*a.items_an_iteration) +
           " items on A, " + in_words(*b.items_an_iteration) + " on B";
  }
  return {};
}

/// What is wrong with a benchmark that ran on one side alone, where it reports an error: a
/// sentence.
std::string fault_alone(const char* side, const std::string& name, const Sample& sample) {
  return sample.error ? name + ": " + side + ": " + *sample.error : "";
}

std::string unmeasured_on(const DryRun& a, const DryRun& b, const std::string& benchmark) {
  for (const auto& [side, run] : {std::pair("A", &a), std::pair("B", &b)}) {
    const auto found = run->unmeasured.find(benchmark);
    if (found != run->unmeasured.end()) return std::string("on ") + side + " " + found->second;
  }
  return {};
}

/// What a benchmark says of its time; 0 if it says that it takes none.
std::expected<double, std::string> time_ns(const std::string& benchmark,
                                           const std::vector<Sample>& samples) {
  std::vector<double> times;
  for (const Sample& sample : samples) {
    if (sample.error) return std::unexpected(benchmark + ": " + *sample.error);
    times.push_back(judged_time_ns(sample));
  }
  if (times.empty()) return std::unexpected(benchmark + ": it gave no sample when it ran alone");
  return median(times);
}

/// Adds what was measured of a benchmark; each is one more repetition of it.
void keep(SideSamples& side, const std::vector<Sample>& samples) {
  for (const Sample& sample : samples) {
    const auto before = std::ranges::count(side.samples, sample.benchmark, &Sample::benchmark);
    side.samples.push_back(sample);
    side.samples.back().repetition = static_cast<int>(before);
  }
}

/// Each has a cold start to itself then, which weighs less in a longer run.
constexpr Effort kOneAfterTheOther{.min_time_s = 0.05};

/// Measures A, B and the copy in a random order, and once more in the opposite one.
class RoundMeasurer {
 public:
  RoundMeasurer(Random& random, std::vector<PairSamples>& kept) : random_(random), kept_(kept) {}

  std::expected<Round, std::string> measure(const CommonBenchmark& common) {
    if (!common.unmeasured.empty()) return Round{.says_nothing = common.unmeasured};
    const auto begin = std::chrono::steady_clock::now();
    std::array<std::size_t, 3> order{0, 1, 2};
    for (std::size_t end = order.size(); end > 1; --end) {
      std::swap(order[end - 1], order[random_.below(end)]);
    }
    const std::array programs{&common.programs->a, &common.programs->b, &common.programs->copy};
    std::array<double, 3> logs{};
    for (const bool is_backwards : {false, true}) {
      const std::array in_order{programs[order[0]], programs[order[1]], programs[order[2]]};
      const auto all = run_all(in_order, common.benchmark);
      if (!all) return std::unexpected(all.error());
      for (std::size_t i = 0; i < order.size(); ++i) {
        const auto time = time_ns(common.benchmark, (*all)[i]);
        if (!time) return std::unexpected(time.error());
        if (*time <= 0) return Round{.says_nothing = "it reports no time"};
        logs[order[i]] += std::log(*time) / 2;
        PairSamples& kept = kept_[common.pair];
        if (order[i] == 0) keep(kept.a, (*all)[i]);
        if (order[i] == 1) keep(kept.b, (*all)[i]);
      }
      if (!is_backwards) std::ranges::reverse(order);
    }
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
    return Round{
        .b_over_a = logs[1] - logs[0], .copy_over_a = logs[2] - logs[0], .seconds = taken.count()};
  }

 private:
  /// At the same time where that is possible, else one after the other.
  static std::expected<std::vector<std::vector<Sample>>, std::string> run_all(
      std::span<const BenchmarkProgram* const> programs, const std::string& benchmark) {
    if (can_run_together(benchmark)) {
      return BenchmarkProgram::run_together(programs, only(benchmark), Effort{});
    }
    std::vector<std::vector<Sample>> all;
    for (const BenchmarkProgram* const program : programs) {
      auto samples = program->run(only(benchmark), kOneAfterTheOther);
      if (!samples) return std::unexpected(samples.error());
      all.push_back(*std::move(samples));
    }
    return all;
  }

  Random& random_;
  std::vector<PairSamples>& kept_;
};

class Comparer {
 public:
  Comparer(const CompareOptions& options, ScratchFolder scratch)
      : options_(options), scratch_(std::move(scratch)) {}

  std::expected<Comparison, std::string> run(const std::vector<ProgramPair>& pairs) {
    staged_.reserve(pairs.size());
    for (const ProgramPair& pair : pairs) {
      tell("checking " + pair.name);
      if (auto checked = check(pair, pairs.size() > 1 ? pair.name + ": " : ""); !checked) {
        return std::unexpected(checked.error());
      }
    }
    if (comparison_.failures.empty()) fail_if_all_unmeasured();
    if (!comparison_.failures.empty()) return std::move(comparison_);
    if (options_.has_instruction_gate) count();
    if (options_.has_time_gate) {
      if (auto timed = time(); !timed) return std::unexpected(timed.error());
    }
    for (BenchmarkComparison& each : comparison_.benchmarks) {
      each.verdict = together(each.instructions, each.time);
    }
    return std::move(comparison_);
  }

 private:
  void tell(const std::string& what) const {
    if (options_.on_progress) options_.on_progress(what);
  }

  std::expected<void, std::string> check(const ProgramPair& pair, const std::string& prefix) {
    auto staged =
        stage(pair.a, pair.b, scratch_.path(), std::to_string(staged_.size()), options_.filter);
    if (!staged) return std::unexpected(staged.error());
    const StagedPrograms& programs = staged_.emplace_back(std::move(*staged));
    const DryRun& on_a = programs.on_a;
    const DryRun& on_b = programs.on_b;
    // Below a folder there may be several of one file name.
    const bool is_below = pair.name != pair.a.filename();
    comparison_.samples.push_back({.program = is_below ? pair.name : pair.b.filename().string(),
                                   .a = {.context = on_a.context},
                                   .b = {.context = on_b.context}});
    const auto fail = [&](const std::string& sentence) {
      if (!sentence.empty()) comparison_.failures.push_back(sentence);
    };
    const auto add = [&](const std::string& name) {
      common_.push_back({.programs = &programs,
                         .pair = comparison_.samples.size() - 1,
                         .benchmark = name,
                         .unmeasured = unmeasured_on(on_a, on_b, name)});
      comparison_.benchmarks.push_back({.name = prefix + name});
    };
    for (const Sample& a : on_a.samples) {
      const std::string name = prefix + a.benchmark;
      const Sample* const b = on_b.find(a.benchmark);
      if (b != nullptr || on_b.unmeasured.contains(a.benchmark)) add(a.benchmark);
      if (b == nullptr) {
        fail(fault_alone("A", name, a));
        if (!on_b.unmeasured.contains(a.benchmark)) comparison_.only_a.push_back(name);
      } else if (const std::string wrong = fault(a, *b); !wrong.empty()) {
        fail(std::string(name).append(": ").append(wrong));
      }
    }
    for (const auto& [name, why] : on_a.unmeasured) {
      const bool is_on_b = on_b.find(name) != nullptr || on_b.unmeasured.contains(name);
      if (is_on_b) add(name);
      if (!is_on_b) comparison_.only_a.push_back(prefix + name);
    }
    for (const Sample& b : on_b.samples) {
      if (on_a.find(b.benchmark) != nullptr) continue;
      fail(fault_alone("B", prefix + b.benchmark, b));
      if (!on_a.unmeasured.contains(b.benchmark)) {
        comparison_.only_b.push_back(prefix + b.benchmark);
      }
    }
    for (const auto& [name, why] : on_b.unmeasured) {
      if (on_a.find(name) == nullptr && !on_a.unmeasured.contains(name)) {
        comparison_.only_b.push_back(prefix + name);
      }
    }
    return {};
  }

  /// Where nothing at all can be measured, that is no comparison.
  void fail_if_all_unmeasured() {
    const auto is_unmeasured = [](const CommonBenchmark& each) { return !each.unmeasured.empty(); };
    if (!std::ranges::all_of(common_, is_unmeasured)) return;
    for (std::size_t i = 0; i < common_.size(); ++i) {
      comparison_.failures.push_back(comparison_.benchmarks[i].name + ": " + common_[i].unmeasured);
    }
  }

  void count() {
    comparison_.no_instructions = why_not_countable();
    if (comparison_.no_instructions) return;
    for (std::size_t i = 0; i < common_.size() && !is_interrupted(); ++i) {
      if (!common_[i].unmeasured.empty()) {
        comparison_.benchmarks[i].instructions = {.not_covered = common_[i].unmeasured};
        continue;
      }
      tell("instructions of " + comparison_.benchmarks[i].name);
      comparison_.benchmarks[i].instructions = compare_instructions(
          *common_[i].programs, common_[i].benchmark, options_.instruction_effect);
    }
  }

  std::expected<void, std::string> time() {
    Random random(options_.seed);
    RoundMeasurer measurer(random, comparison_.samples);
    const auto results = judge_times(
        common_.size(), options_.rule, options_.budget,
        [&](std::size_t index) {
          tell("time of " + comparison_.benchmarks[index].name);
          return measurer.measure(common_[index]);
        },
        random);
    if (!results) return std::unexpected(results.error());
    for (std::size_t i = 0; i < results->size(); ++i)
      comparison_.benchmarks[i].time = (*results)[i];
    return {};
  }

  const CompareOptions& options_;
  ScratchFolder scratch_;
  std::vector<StagedPrograms> staged_;
  std::vector<CommonBenchmark> common_;
  Comparison comparison_;
};

}  // namespace

std::expected<Comparison, std::string> compare(const std::vector<ProgramPair>& pairs,
                                               const CompareOptions& options) {
  auto scratch = ScratchFolder::create();
  if (!scratch) return std::unexpected(scratch.error());
  auto comparison = Comparer(options, *std::move(scratch)).run(pairs);
  if (comparison && is_interrupted()) return std::unexpected("interrupted");
  return comparison;
}

Verdict together(const std::optional<InstructionResult>& instructions,
                 const std::optional<TimeResult>& time) {
  const bool has_count = instructions && !instructions->not_covered;
  if (!has_count) return time ? time->verdict : Verdict::kInconclusive;
  if (!time) return instructions->verdict;
  if (time->verdict == Verdict::kWorse || time->verdict == Verdict::kBetter) return time->verdict;
  const bool is_seen_by_time =
      time->verdict == Verdict::kSame && std::abs(instructions->change) >= time->visible;
  if (is_seen_by_time) return Verdict::kSame;
  return instructions->verdict == Verdict::kSame ? time->verdict : instructions->verdict;
}

}  // namespace framespec::bench
