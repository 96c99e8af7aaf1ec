// --pcap: the folder that captures of findings are written to.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "runner/run_result.h"

namespace framespec::conformance {

/// Known to be writable before there is anything to write.
class CaptureFolder {
 public:
  /// Makes the folder if it is missing; or says why nothing can be written there. An empty path:
  /// no captures are wanted.
  [[nodiscard]] static std::expected<CaptureFolder, std::string> open(const std::string& path);

  [[nodiscard]] bool is_wanted() const noexcept { return !path_.empty(); }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

  /// Writes a file for each finding of the run that these event files tell of, and tells their
  /// names on standard error, also of which finding none can be made. A sentence about one that
  /// could not be written; the others are written all the same.
  [[nodiscard]] std::expected<void, std::string> write(
      const RunResult& run, const std::vector<std::string>& events_files) const;

 private:
  std::string path_;
};

}  // namespace framespec::conformance
