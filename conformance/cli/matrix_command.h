// `framespec matrix`: runs a list of testees, and makes one result of it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace framespec::conformance {

struct MatrixCommand {
  std::string matrix_file;
  std::vector<std::string> testees;  ///< globs over names; none: all
  std::string json_file;             ///< may be empty
  std::string html_file;             ///< may be empty
  std::string events_folder;         ///< may be empty
  std::string from_folder;           ///< read from it what was written there; may be empty
  std::string against_folder;        ///< may be empty
  std::string program;               ///< as framespec was called
};

void add_matrix(CLI::App& app, MatrixCommand& command);

/// Exit code: the worst of all runs, 1 before 3; 2 where the file, or what it names, is wrong.
[[nodiscard]] int run_matrix(const MatrixCommand& command);

}  // namespace framespec::conformance
