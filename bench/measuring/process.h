// Runs a program to its end, where nothing of its surroundings changes from one run to the next.
#pragma once

#include <chrono>
#include <expected>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace framespec::bench {

struct ProcessOptions {
  /// The program's path and its arguments.
  std::vector<std::string> command;
  /// NAME=VALUE, all that the program sees.
  std::vector<std::string> environment;
  /// What it writes on its standard output; with both, standard error goes there too.
  std::filesystem::path output_file = "/dev/null";
  bool errors_too = false;
  std::filesystem::path folder = ".";
  /// Without address randomisation, where the system allows it.
  bool has_fixed_addresses = true;
  std::optional<int> cpu;
  std::chrono::seconds limit{600};
  /// Runs to its end although the user has interrupted.
  bool is_cleanup = false;
};

/// Runs it and waits for its end. The error is a sentence: it could not be started, ended by a
/// signal or with another code than 0, took longer than the limit, or the user interrupted. It is
/// killed, with all of its process group, where it has not ended itself or this process ends.
std::expected<void, std::string> run_process(const ProcessOptions& options);

/// Starts all of them, in this order, and waits for the end of each. The error is the first.
std::expected<void, std::string> run_processes(std::span<const ProcessOptions> all);

/// From now on SIGINT, SIGTERM and SIGHUP end what runs, and run_process says "interrupted".
void end_runs_on_signals();
[[nodiscard]] bool is_interrupted();

/// Whether this system lets a process do without address randomisation; some containers do not.
bool can_fix_addresses();

/// The last of the CPUs that this process may use.
std::optional<int> cpu_to_measure_on();

/// The file that a name means as the shell looks for it; none if there is none.
std::optional<std::filesystem::path> find_program(const std::string& name);

/// What both sides see of the environment: PATH and LD_LIBRARY_PATH as they are, HOME and LANG
/// fixed, and symbols bound at the start.
std::vector<std::string> fixed_environment();

/// The environment of this process.
std::vector<std::string> whole_environment();

}  // namespace framespec::bench
