// Standard output, or what takes its place: where replies go.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "failure.h"
#include "framespec/bytes.h"
#include "output_stream.h"

namespace framespec::client {

/// Gathers small pieces and writes them together. What was not flushed when it is destroyed is
/// flushed then, without a report.
class StandardOutput {
 public:
  StandardOutput() : StandardOutput(OutputStream()) {}
  /// In its place.
  explicit StandardOutput(OutputStream stream) : stream_(std::move(stream)) {}
  ~StandardOutput();
  StandardOutput(const StandardOutput&) = delete;
  StandardOutput& operator=(const StandardOutput&) = delete;

  /// Fails when it cannot be written (a closed pipe, a full disk).
  Result<void> write(Bytes bytes);
  Result<void> write(std::string_view text) { return write(as_bytes(text)); }
  Result<void> flush();

 private:
  Result<void> write_now(Bytes bytes);

  OutputStream stream_;
  std::string pending_;
};

}  // namespace framespec::client
