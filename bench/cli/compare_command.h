// framespec-bench compare.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>

namespace framespec::bench {

struct CompareCommand {
  std::string a;
  std::string b;
  std::string filter = ".";
  std::string build_command;
  std::string gate = "both";
  double effect_percent = 2;
  double instructions_percent = 0.5;
  double budget_s = 20;
  std::optional<std::uint64_t> seed;
  std::string markdown_file;
  std::string json_file;
  std::string history_file;
  bool is_strict = false;
};

void add_compare(CLI::App& app, CompareCommand& command);

/// Gives back the exit code.
int compare_sides(const CompareCommand& command);

}  // namespace framespec::bench
