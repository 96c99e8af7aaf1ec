// Times as Google Benchmark writes them, in UTC.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace framespec::bench {

/// Of seconds since 1970: "2026-11-27T22:11:19+00:00".
std::string date_of(std::int64_t seconds);

/// Of such a text with any offset, and of what older versions of Google Benchmark write, with a
/// space between day and time and without the offset; none of anything else.
std::optional<std::int64_t> seconds_of(const std::string& date);

}  // namespace framespec::bench
