// What the user asked for on the command line.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "cli/dissector_command.h"
#include "cli/known_failing_command.h"
#include "cli/matrix_command.h"
#include "cli/output_files.h"
#include "cli/record_command.h"
#include "cli/replay_command.h"
#include "cli/show_command.h"
#include "cli/testee_options.h"
#include "runner/run.h"

namespace CLI {
class App;
}

namespace framespec::conformance {

/// Which plans: common to all commands.
struct Selection {
  std::vector<std::string> dialects;
  std::vector<std::string> filters;
  std::vector<std::string> excludes;
  std::string level = "may";
  std::uint64_t seed = kSeedDefault;
  std::uint64_t max_payload = kMaxPayloadDefault;
  std::string suites;
  std::string answers;  ///< the file of a fixed exchange, instead of dialects and suites
  ConversationChoice conversation;  ///< with a recording: of a service, instead of suites
  double frame_timeout_s = 0;       ///< 0: not known
  std::string shard;                ///< "K/N", or nothing
  std::string newest_cases;         ///< --cases: a release, or nothing
  std::string rerun_of;             ///< events of an earlier run, or nothing
};

struct RunCommand {
  Selection selection;
  TesteeOptions testee;
  double run_limit_s = 0;  ///< 0: none
  bool thorough = false;
  std::size_t jobs = 1;
  bool is_quiet = false;
  bool is_verbose = false;
  std::string accepted;  ///< "paced", or nothing
  OutputOptions outputs{};
  std::string events_file;
  std::string known_file;  ///< --known-failing, or nothing
  std::string program;     ///< as framespec was called
};

struct ListCommand {
  Selection selection;
  bool is_client = false;
  bool is_json = false;
  std::string by;  ///< a table of counts instead: of each "area", "case", "rule" or "level"
};

struct ExplainCommand {
  Selection selection;
  std::string what;                       ///< the id of a check, "area/case", or a rule
  std::vector<std::string> events_files;  ///< of a run that has found it, or none
};

struct ReportCommand {
  std::vector<std::string> events_files;  ///< one run, or the parts of one
  std::vector<std::string> against;       ///< the same of an earlier run, or none
  std::string markdown_file;              ///< of the comparison; "-": standard output
  OutputOptions outputs{};                ///< json "-": standard output, instead of the summary
};

/// Or the program is to end at once: help and version (0), or a mistake (2), already told.
struct EndNow {
  int exit_code = 0;
};

/// What each command takes while the command line is parsed.
struct WrittenCommands {
  RunCommand run;
  RunCommand invariance;
  ReplayCommand replay;
  RecordCommand record;
  ListCommand list;
  ExplainCommand explain;
  ReportCommand report;
  KnownFailingCommand known_failing;
  MatrixCommand matrix;
  DissectorCommand dissector;
  ShowCommand show;
};

/// Adds everything to `app`, which writes into `written` while it parses: that must outlive it.
void declare_command_line(CLI::App& app, WrittenCommands& written);

using Command =
    std::variant<EndNow, RunCommand, ReplayCommand, RecordCommand, ListCommand, ExplainCommand,
                 ReportCommand, KnownFailingCommand, MatrixCommand, DissectorCommand, ShowCommand>;

[[nodiscard]] Command parse_command_line(int argc, char** argv);

}  // namespace framespec::conformance
