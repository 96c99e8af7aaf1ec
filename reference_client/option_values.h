// Values of options that need more than a number: sizes with a suffix, and seconds.
// The server has its own: the programs share no code but protocol/ (docs/architecture.md, layers).
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace framespec::client {

/// "4096", "64K", "16M" or "2G" (powers of 1024, in either case) in bytes, or a sentence about what
/// is wrong.
std::expected<std::uint64_t, std::string> parse_byte_count(std::string_view text);

/// "30" or "0.2": seconds from 0 to a thousand million, or a sentence about what is wrong.
std::expected<double, std::string> parse_seconds(std::string_view text);

}  // namespace framespec::client
