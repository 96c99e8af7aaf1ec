// Standard output, where replies go.
#pragma once

#include <string>
#include <string_view>

#include "failure.h"
#include "framespec/bytes.h"

namespace framespec::client {

/// Gathers small pieces and writes them together. What was not flushed when it is destroyed is
/// flushed then, without a report.
class StandardOutput {
 public:
  StandardOutput() = default;
  ~StandardOutput();
  StandardOutput(const StandardOutput&) = delete;
  StandardOutput& operator=(const StandardOutput&) = delete;

  /// Fails when standard output cannot be written (a closed pipe, a full disk).
  Result<void> write(Bytes bytes);
  Result<void> write(std::string_view text) { return write(as_bytes(text)); }
  Result<void> flush();

 private:
  std::string pending_;
};

}  // namespace framespec::client
