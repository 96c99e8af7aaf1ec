// The costs in a file of callgrind.
#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>

namespace framespec::bench {

/// By event: Ir, Bc, I1mr, sysCount, …
using EventCounts = std::map<std::string, double, std::less<>>;

/// What was counted in the whole of the text, less what one function cost with all that it called.
/// The error is a sentence.
std::expected<EventCounts, std::string> counts_without(std::string_view text,
                                                       std::string_view function);

}  // namespace framespec::bench
