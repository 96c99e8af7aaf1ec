// Text from outside, of whatever size, in a sentence that stays one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace framespec {

/// Bytes that a message shows of a name, path or value: enough for any of ordinary size.
inline constexpr std::size_t kShownSizeMax = 256;

/// `text` as it is if it has at most `size_max` bytes; else its beginning, which never ends inside
/// a character of UTF-8, and "...". Every message that repeats what a user, a file or a peer has
/// written goes through this: a value may be megabytes. For a terminal it is to be printable() too.
std::string shortened(std::string_view text, std::size_t size_max = kShownSizeMax);

}  // namespace framespec
