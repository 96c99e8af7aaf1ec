// Where a file that the user names is to be written.
#pragma once

#include <expected>
#include <string>

namespace framespec::conformance {

/// The place of a regular file, there already or not, that `path` names: a link is written through,
/// as by any editor. An error number where something else is there; /dev/stdout and its like name
/// an open descriptor, in which whoever opened it has a place of their own.
[[nodiscard]] std::expected<std::string, int> place_of(const std::string& path);

/// Whether two paths name one place, there already or not.
[[nodiscard]] bool is_one_place(const std::string& one, const std::string& other);

}  // namespace framespec::conformance
