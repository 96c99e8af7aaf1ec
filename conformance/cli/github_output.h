// What a job of GitHub Actions is told of a run.
#pragma once

#include <expected>
#include <string>

#include "launch/unique_fd.h"
#include "runner/run_result.h"

namespace framespec::conformance {

class GithubOutput {
 public:
  /// Without `is_wanted` it changes nothing. Opens the file of the job's summary, if the
  /// environment names one ($GITHUB_STEP_SUMMARY); or says why it cannot be written.
  [[nodiscard]] static std::expected<GithubOutput, std::string> open(bool is_wanted);

  /// `shown`, in which a runner obeys nothing, and the annotations: for standard output.
  [[nodiscard]] std::string text(const RunResult& run, const std::string& shown) const;

  /// Adds to the summary of the job; or a sentence.
  [[nodiscard]] std::expected<void, std::string> write_summary(const RunResult& run);

 private:
  bool is_wanted_ = false;
  UniqueFd summary_;
};

}  // namespace framespec::conformance
