// Where what a command makes is written to.
#pragma once

#include <string>

namespace framespec::bench {

/// Writes the whole text to the file, or to standard output if `path` is empty; false if the file
/// cannot be written. A regular file is replaced at once, by one that is written beside it: a full
/// disk leaves the old one.
[[nodiscard]] bool write_output(const std::string& path, const std::string& text);

/// Whether there can be such a file, or standard output if `path` is empty, as far as can be told
/// without writing it. What is there stays as it is.
[[nodiscard]] bool is_writable(const std::string& path);

}  // namespace framespec::bench
