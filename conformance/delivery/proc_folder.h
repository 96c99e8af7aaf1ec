// The numbered entries of a folder of /proc: processes, threads, descriptors.
#pragma once

#include <string>
#include <vector>

namespace framespec::delivery {

/// The entries of `path` whose names are numbers; none when it cannot be read.
[[nodiscard]] std::vector<int> numbers_in(const std::string& path);

}  // namespace framespec::delivery
