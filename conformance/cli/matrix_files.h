// What `framespec matrix` reads of earlier runs, and writes.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/matrix_command.h"
#include "report/matrix_result.h"
#include "report/report_file.h"

namespace framespec::conformance {

/// The place that a path means, wherever the program works from later.
[[nodiscard]] std::string absolute(const std::string& path);

/// Where the events of a testee stand in a folder of --events.
[[nodiscard]] std::string events_of(const std::string& folder, const MatrixTestee& testee);

/// A run for each testee, or nothing.
using MaybeRuns = std::vector<std::optional<RunResult>>;

/// The runs whose events a folder has; of a testee without any nothing. A sentence where it has
/// none at all, or one that cannot be read.
[[nodiscard]] std::expected<MaybeRuns, std::string> read_runs(
    const std::string& folder, const std::vector<MatrixTestee>& testees);

/// Whether each run is one of the testee that the list has at its place, by its command; else a
/// sentence.
[[nodiscard]] std::expected<void, std::string> are_of(const MaybeRuns& runs,
                                                      const std::vector<MatrixTestee>& testees);

/// Files that are known to be writable before anything is started.
class MatrixFiles {
 public:
  /// Of --json and --html; or a sentence, also where one would take the place of the list or of a
  /// run's events.
  [[nodiscard]] static std::expected<MatrixFiles, std::string> open(
      const MatrixCommand& command, const std::vector<MatrixTestee>& testees);

  /// Writes all; in the page also what is otherwise than in `earlier`, in the order of the result's
  /// runs. A sentence about one that could not be written.
  [[nodiscard]] std::expected<void, std::string> write(const MatrixResult& result,
                                                       const MaybeRuns& earlier);

 private:
  std::optional<ReportFile> json_;
  std::optional<ReportFile> html_;
  std::string earlier_name_;
};

}  // namespace framespec::conformance
