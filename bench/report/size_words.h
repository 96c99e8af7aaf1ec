// Sizes as people read them.
#pragma once

#include <string>

namespace framespec::bench {

/// "65,536"; of bytes "64 KiB", or "1,460 B" where that is no whole number of a larger unit.
std::string size_in_words(double size, bool is_in_bytes);

}  // namespace framespec::bench
