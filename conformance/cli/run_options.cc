#include "cli/run_options.h"

#include <cstdint>
#include <limits>

#include "cli/option_checks.h"

namespace framespec::conformance {
namespace {

// As many as are looked at with one request to the kernel.
constexpr std::uint64_t kJobsMax = 64;

}  // namespace

void add_filters(CLI::App& app, Selection& selection) {
  app.add_option("--filter", selection.filters,
                 "Only cases whose id matches: * stands for anything, ? for one character. May be "
                 "given several times. An id without them is run even if it is not listed, such as "
                 "segmentation/int32/cuts-1-6/one_frame")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  app.add_option("--exclude", selection.excludes, "No cases whose id matches; several times")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  app.add_option("--level", selection.level, "must: only MUST; should: SHOULD too; may: all")
      ->check(CLI::IsMember({"must", "should", "may"}))
      ->type_name("LEVEL")
      ->capture_default_str();
  app.add_option("--shard", selection.shard,
                 "Only the part K of N of the cases, to divide a run among machines: a case with\n"
                 "all its values and segmentations is in one of them, by its name alone.\n"
                 "`framespec report A B …` puts the events of the parts together")
      ->check(shard_of_cases())
      ->type_name("K/N");
  app.add_option(
         "--cases", selection.newest_cases,
         "Only the cases of that release of framespec and of older ones, so that an upgrade\n"
         "asks nothing new of the testee; newer ones are named as not run")
      ->check(release())
      ->type_name("RELEASE");
  app.add_option("--seed", selection.seed, "Of the random segmentations")
      ->check(whole_number(0, std::numeric_limits<std::uint64_t>::max()))
      ->type_name("N")
      ->capture_default_str();
}

void add_jobs(CLI::App& app, RunCommand& command) {
  app.add_option(
         "--jobs", command.jobs,
         "Keep so many connections to a server busy at a time. The verdicts are those of 1:\n"
         "what does not go well beside others is repeated alone, and what watches the\n"
         "process runs alone. Not for a client, which has one connection; and with a server\n"
         "that does not answer on a second connection beside the first it is 1")
      ->check(whole_number(1, kJobsMax))
      ->type_name("N")
      ->capture_default_str();
}

void add_run_options(CLI::App& app, RunCommand& command) {
  app.add_option("--run-limit", command.run_limit_s,
                 "Seconds after which the run ends with what was found until then (exit code 1\n"
                 "or 3); without it there is no such limit")
      ->check(seconds())
      ->type_name("S");
  CLI::Option* const quiet =
      app.add_flag("-q,--quiet", command.is_quiet,
                   "Show nothing while it runs: what was found is told at the end");
  app.add_flag("-v,--verbose", command.is_verbose, "A line for each check as it is judged")
      ->excludes(quiet);
  app.add_flag("--thorough", command.thorough,
               "Every value and segmentation, also where others of its case fail already, and the\n"
               "cases that take long");
  app.add_option(
         "--rerun", command.selection.rerun_of,
         "Only what has not passed in an earlier run, by the events of that (--events): what\n"
         "failed, could not be judged, or was not run. Exit code 1 while any of it that is\n"
         "required is open, 0 when none is")
      ->check(not_empty())
      ->type_name("FILE");
  add_pace(app, command.testee);
  app.add_option("--accept", command.accepted,
                 "paced: where no proof can be had of the testee, or --pace does without, checks\n"
                 "without it do not change the exit code; they stay inconclusive")
      ->check(CLI::IsMember({"paced"}))
      ->type_name("WHAT");
  app.add_option("--known-failing", command.known_file,
                 "A list of failures that are known (docs/known-failures.md): they change no exit\n"
                 "code. One that fails otherwise than it says, or that passes, is a finding")
      ->check(not_empty())
      ->type_name("FILE");
  app.add_option("--json", command.outputs.json, "Write the report to this file, by its schema")
      ->check(not_empty())
      ->type_name("FILE");
  add_outputs(app, command.outputs);
  app.add_option("--events", command.events_file,
                 "Write all that happens to this file while it happens: what was found stands\n"
                 "there if the run is killed, and `framespec report FILE` shows it")
      ->check(not_empty())
      ->type_name("FILE");
}

}  // namespace framespec::conformance
