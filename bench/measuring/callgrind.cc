#include "measuring/callgrind.h"

#include <cmath>
#include <cstdint>
#include <system_error>

#include "measuring/callgrind_file.h"

namespace framespec::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kRepetitions = 3;
constexpr std::chrono::seconds kLimit{120};
/// Above this, what is in the kernel weighs too much: a call is worth a thousand instructions at
/// least.
constexpr double kInstructionsACall = 20'000;

/// Iterations to hold one against: fewer of those that last long.
constexpr double kShortIterations = 16;
constexpr double kLongIterations = 2.5;
constexpr double kLongIteration_ns = 1e8;

/// glibc would choose its functions, and from where on it writes past the caches, by the processor.
constexpr const char* kTunables =
    "GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX512F,-AVX512VL,-AVX2,-AVX,-ERMS,-FSRM"
    ":glibc.cpu.x86_data_cache_size=32768:glibc.cpu.x86_shared_cache_size=1048576"
    ":glibc.cpu.x86_non_temporal_threshold=786432";

// Private members of the library, which have been called so since its version 1.0.
constexpr const char* kStart = "benchmark::State::StartKeepRunning";
constexpr const char* kFinish = "benchmark::State::FinishKeepRunning";

std::vector<std::string> callgrind_command(const fs::path& valgrind, const fs::path& out_file) {
  return {valgrind.string(),
          "--tool=callgrind",
          "--callgrind-out-file=" + out_file.string(),
          "--cache-sim=yes",
          "--branch-sim=yes",
          "--I1=32768,8,64",
          "--D1=32768,8,64",
          "--LL=8388608,16,64",
          "--collect-systime=yes",
          std::string("--zero-before=") + kStart + "*",
          std::string("--dump-before=") + kFinish + "*"};
}

Instructions an_iteration(const EventCounts& counts, double iterations) {
  const auto sum = [&](std::initializer_list<std::string_view> events) {
    double total = 0;
    for (const std::string_view event : events) {
      if (const auto found = counts.find(event); found != counts.end()) total += found->second;
    }
    return total / iterations;
  };
  return {.instructions = sum({"Ir"}),
          .branches = sum({"Bc", "Bi"}),
          .mispredicted = sum({"Bcm", "Bim"}),
          .first_misses = sum({"I1mr", "D1mr", "D1mw"}),
          .last_misses = sum({"ILmr", "DLmr", "DLmw"}),
          .system_calls = sum({"sysCount"})};
}

struct Counted {
  Instructions an_iteration = {};
  /// Of the last repetition.
  std::int64_t iterations = 0;
  /// How often the timed loop was run, and how often Google Benchmark tells of.
  std::size_t loops = 0;
  std::size_t repetitions = 0;
};

/// Callgrind numbers its dumps; the last, without a number, is of the end of the process.
std::expected<Counted, std::string> read_last_dump(const BenchmarkProgram& program,
                                                   const fs::path& out_file) {
  const auto samples = read_benchmark_json(program.results_file());
  if (!samples) return std::unexpected(samples.error());
  if (samples->empty()) return std::unexpected("it did not run");
  const auto& last = samples->back();
  if (last.error) return std::unexpected(*last.error);
  std::error_code unknown;
  Counted counted{.iterations = last.iterations, .repetitions = samples->size()};
  const auto dump = [&](std::size_t number) {
    return out_file.string() + "." + std::to_string(number);
  };
  while (fs::exists(dump(counted.loops + 1), unknown)) ++counted.loops;
  if (counted.loops == 0) {
    return std::unexpected(
        "where its timed loop begins and ends is not to be seen: its Google Benchmark is stripped, "
        "inlined or not of C++");
  }
  if (last.iterations < 1) return std::unexpected("it has threads, or a minimum time of its own");
  const auto text = read_text(dump(counted.loops));
  if (!text) return std::unexpected(dump(counted.loops) + " cannot be read");
  const auto counts = counts_without(*text, kStart);
  if (!counts) return std::unexpected(counts.error());
  counted.an_iteration = an_iteration(*counts, static_cast<double>(last.iterations));
  counted.an_iteration.time_ns = judged_time_ns(last);
  return counted;
}

std::expected<Counted, std::string> count(const BenchmarkProgram& program,
                                          const std::string& benchmark, const Effort& effort) {
  const auto valgrind = find_program("valgrind");
  if (!valgrind) return std::unexpected("valgrind is not installed");
  const fs::path folder = program.scratch() / "callgrind";
  std::error_code failed;
  fs::remove_all(folder, failed);
  fs::create_directory(folder, failed);
  if (failed) return std::unexpected(folder.string() + ": " + failed.message());
  const fs::path out_file = folder / "out";
  ProcessOptions options;
  options.command = callgrind_command(*valgrind, out_file);
  for (std::string& word : program.command(only(benchmark), effort)) {
    options.command.push_back(std::move(word));
  }
  options.environment = fixed_environment();
  options.environment.emplace_back(kTunables);
  options.output_file = program.scratch() / "output.txt";
  options.errors_too = true;
  options.limit = kLimit;
  if (const auto ended = run_process(options); !ended) return std::unexpected(ended.error());
  return read_last_dump(program, out_file);
}

}  // namespace

std::optional<std::string> why_not_countable() {
  if (!find_program("valgrind")) {
    return "valgrind is not installed, so instructions cannot be counted";
  }
  if (!can_fix_addresses()) {
    return "this system does not let a process do without address randomisation (personality), so "
           "instructions would differ from run to run";
  }
  return std::nullopt;
}

std::expected<Instructions, std::string> count_instructions(const BenchmarkProgram& program,
                                                            const std::string& benchmark) {
  const auto counted = count(program, benchmark, {.min_time_s = 0, .repetitions = kRepetitions});
  if (!counted) return std::unexpected(counted.error());
  if (counted->loops != counted->repetitions) {
    return std::unexpected("it has threads, or a minimum time of its own");
  }
  const Instructions& iteration = counted->an_iteration;
  if (iteration.system_calls * kInstructionsACall > iteration.instructions) {
    return std::unexpected("its work is system calls, whose instructions are the kernel's");
  }
  return iteration;
}

std::expected<void, std::string> check_alike(const BenchmarkProgram& program,
                                             const std::string& benchmark,
                                             const Instructions& counted, double tolerance) {
  // It measures no time at all, and how many iterations that makes cannot be told.
  if (counted.time_ns <= 0) return {};
  const double wanted_ns =
      counted.time_ns * (counted.time_ns < kLongIteration_ns ? kShortIterations : kLongIterations);
  const auto several =
      count(program, benchmark, {.min_time_s = wanted_ns * 1e-9, .repetitions = 1});
  if (!several) return std::unexpected(several.error());
  const double mean = several->an_iteration.instructions;
  if (std::abs(mean / counted.instructions - 1) <= tolerance) return {};
  return std::unexpected("its iterations are not alike: one takes " +
                         std::to_string(std::llround(counted.instructions)) + " instructions, " +
                         std::to_string(several->iterations) + " take " +
                         std::to_string(std::llround(mean)) + " each");
}

}  // namespace framespec::bench
