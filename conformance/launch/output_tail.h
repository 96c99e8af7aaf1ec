// The last output of a testee, kept within bounds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

#include "launch/unique_fd.h"

namespace framespec::conformance {

/// Reads a pipe to its end in a thread of its own, so that the writer never blocks on it, and keeps
/// the last kKept bytes.
class OutputTail {
 public:
  static constexpr std::size_t kKept = std::size_t{64} * 1024;

  /// Takes the reading end of a pipe.
  explicit OutputTail(UniqueFd pipe);
  /// Stops reading, whether or not somebody still holds the writing end.
  ~OutputTail();
  OutputTail(const OutputTail&) = delete;
  OutputTail& operator=(const OutputTail&) = delete;

  /// Bytes written so far: a mark for since().
  [[nodiscard]] std::uint64_t written() const;

  /// What was written after `mark`: at most the last `lines_max` lines, printable, without the
  /// newline at the end. Output that is still in the pipe is taken first.
  [[nodiscard]] std::string since(std::uint64_t mark, std::size_t lines_max);

  /// Waits until the last writer has closed the pipe, at most for a second.
  void wait_for_end();

 private:
  void read_until_stopped();
  // Takes what is in the pipe now; false at its end. Call with the lock held.
  bool drain();

  UniqueFd pipe_;
  UniqueFd stop_;  // an eventfd
  mutable std::mutex lock_;
  std::string kept_;
  std::uint64_t written_ = 0;
  bool ended_ = false;
  std::thread reader_;
};

}  // namespace framespec::conformance
