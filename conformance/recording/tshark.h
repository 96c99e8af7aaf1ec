// Runs tshark, which knows the forms of packet captures and puts TCP streams together.
#pragma once

#include <atomic>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "recording/record_error.h"

namespace framespec::conformance {

/// How it ended.
struct TsharkEnd {
  bool was_stopped = false;  ///< by us, as nothing more was wanted of it
  int status = 0;            ///< exit status; 128 + the number of the signal that ended it
  std::string complaint;     ///< a line that it wrote to standard error; may be empty
};

/// Starts tshark, without a shell, and hands on the lines of its standard output, until it ends,
/// `take` returns false, or `cancelled` is true: then it is killed. An error: there is none, it
/// writes a line of more than 4 MiB, or there was an interruption.
[[nodiscard]] std::expected<TsharkEnd, RecordError> run_tshark(
    const std::vector<std::string>& arguments, const std::atomic<bool>& cancelled,
    const std::function<bool(std::string_view line)>& take);

}  // namespace framespec::conformance
