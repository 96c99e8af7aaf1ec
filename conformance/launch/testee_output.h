// The output of a testee, kept within bounds.
#pragma once

#include <mutex>
#include <string>
#include <thread>

#include "launch/output_lines.h"
#include "launch/unique_fd.h"

namespace framespec::conformance {

/// Reads a pipe to its end in a thread of its own, so that the writer never blocks on it, and keeps
/// what OutputLines keep.
class TesteeOutput {
 public:
  /// Takes the reading end of a pipe.
  explicit TesteeOutput(UniqueFd pipe);
  /// Stops reading, whether or not somebody still holds the writing end.
  ~TesteeOutput();
  TesteeOutput(const TesteeOutput&) = delete;
  TesteeOutput& operator=(const TesteeOutput&) = delete;

  /// Forgets what was written so far, also what is still in the pipe.
  void mark();

  /// What was written after the last mark, or from the start: OutputLines::text(). Output that is
  /// still in the pipe is taken first.
  [[nodiscard]] std::string since_mark();

  /// Waits until the last writer has closed the pipe, at most for a second.
  void wait_for_end();

 private:
  void read_until_stopped();
  // Takes what is in the pipe now; false at its end. Call with the lock held.
  bool drain();

  UniqueFd pipe_;
  UniqueFd stop_;  // an eventfd
  std::mutex lock_;
  OutputLines lines_;
  bool ended_ = false;
  std::thread reader_;
};

}  // namespace framespec::conformance
