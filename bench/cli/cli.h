// The command line of framespec-bench.
#pragma once

#include "cli/bisect_command.h"
#include "cli/compare_command.h"
#include "cli/growth_command.h"
#include "cli/history_command.h"
#include "cli/report_command.h"
#include "cli/run_command.h"
#include "cli/selftest_command.h"
#include "cli/transfer_commands.h"

namespace framespec::bench {

/// What a command line may say, of which one command is given.
struct WrittenCommands {
  CompareCommand compare;
  RunCommand run;
  HistoryCommand history;
  ReportCommand report;
  GrowthCommand growth;
  ImportCommand import;
  ExportCommand exporting;
  BisectCommand bisect;
  SelftestCommand selftest;
};

/// Adds everything to `app`, which writes into `written` while it parses: that must outlive it.
void declare_command_line(CLI::App& app, WrittenCommands& written);

/// Does what the command line says; gives back the exit code.
int run_command_line(int argc, char** argv);

}  // namespace framespec::bench
