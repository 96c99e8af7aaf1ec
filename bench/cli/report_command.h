// framespec-bench report.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace framespec::bench {

struct ReportCommand {
  std::vector<std::string> files;
  std::string html_file;
  std::string markdown_file;
  std::string filter = ".";
  double effect_percent = 2;
};

void add_report(CLI::App& app, ReportCommand& command);

/// Gives back the exit code.
int write_report(const ReportCommand& command);

}  // namespace framespec::bench
