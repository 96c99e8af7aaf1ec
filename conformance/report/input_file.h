// Opens what the user names as a file to be read.
#pragma once

#include <cstddef>
#include <expected>
#include <string>

#include "launch/unique_fd.h"

namespace framespec::conformance {

/// An ordinary file, open for reading; or why it cannot be read, without its name: "is a pipe
/// (FIFO); give an ordinary file". Waits for nobody: what is no ordinary file might never end.
[[nodiscard]] std::expected<UniqueFd, std::string> open_input(const std::string& path);

/// Appends up to `size_max` bytes more to `text`, or up to the end of the file: how many; or why
/// not.
[[nodiscard]] std::expected<std::size_t, std::string> read_input(const UniqueFd& fd,
                                                                 std::size_t size_max,
                                                                 std::string& text);

/// All of an ordinary file that has at most `size_max` bytes; or why not, without its name.
[[nodiscard]] std::expected<std::string, std::string> read_whole_input(const std::string& path,
                                                                       std::size_t size_max);

}  // namespace framespec::conformance
