// framespec-bench import and export: what comes into a history from other programs, and goes to
// them.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace framespec::bench {

struct ImportCommand {
  std::string history_file;
  std::vector<std::string> files;
  std::string commit;
};

void add_import(CLI::App& app, ImportCommand& command);

/// Gives back the exit code.
int import_files(const ImportCommand& command);

struct ExportCommand {
  std::string history_file;
  std::string format;
  std::optional<std::int64_t> run;
  std::string out_file;
};

void add_export(CLI::App& app, ExportCommand& command);

/// Gives back the exit code.
int export_run(const ExportCommand& command);

}  // namespace framespec::bench
