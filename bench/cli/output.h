// Where what a command makes is written to.
#pragma once

#include <string>

namespace framespec::bench {

/// Writes the whole text to the file, or to standard output if `path` is empty; false if the file
/// cannot be written.
[[nodiscard]] bool write_output(const std::string& path, const std::string& text);

}  // namespace framespec::bench
