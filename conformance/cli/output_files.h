// The files that a run is reported to, the same for all commands that report on one.
#pragma once

#include <CLI/CLI.hpp>
#include <expected>
#include <functional>
#include <string>
#include <vector>

#include "report/report_file.h"
#include "runner/run_result.h"

namespace framespec::conformance {

/// Where what goes; empty: nowhere.
struct OutputOptions {
  std::string json;
  std::string junit;
  std::string sarif;
  std::string html;
  std::string pcap;     ///< a folder
  bool github = false;  ///< annotations, and the summary of a job
};

/// --junit, --sarif, --html, --pcap and --github.
void add_outputs(CLI::App& app, OutputOptions& options);

/// Something that is made of a run, and its place.
struct Output {
  std::string option;  ///< that names the place: "--json"
  std::string path;
  std::string what;  ///< "the report"
  std::function<std::string(const RunResult& run)> make;
};

/// The page of a run by itself.
[[nodiscard]] std::string page_of_run(const RunResult& run);

/// The files that the options name; `make_page` makes that of --html.
[[nodiscard]] std::vector<Output> outputs_of(
    const OutputOptions& options,
    const std::function<std::string(const RunResult& run)>& make_page = page_of_run);

/// Stands for standard output where an option takes it for a file.
inline constexpr const char* kStandardOutput = "-";

struct NamedFile {
  std::string option;
  std::string path;
};

/// Files that are known to be writable before there is anything to write.
class OutputFiles {
 public:
  /// Of those with a path that is not kStandardOutput; or a sentence about one that cannot be
  /// written, or that is the place of another one or of one of `others`: files by the option, or
  /// the argument, that names them.
  [[nodiscard]] static std::expected<OutputFiles, std::string> open(
      std::vector<Output> outputs, const std::vector<NamedFile>& others);

  /// Writes all; or says which could not be written in the end. The others are written all the
  /// same.
  [[nodiscard]] std::expected<void, std::string> write(const RunResult& run);

 private:
  struct File {
    Output output;
    ReportFile file;
  };
  std::vector<File> files_;
};

}  // namespace framespec::conformance
