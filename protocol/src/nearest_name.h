// "did you mean": the known name that a mistyped one is closest to.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace framespec {

/// The candidate that `word` is a likely misspelling of, or "" if there is none. Case does not
/// count. Bounded: words of more than 64 bytes have no near miss.
std::string_view nearest_name(std::string_view word, std::span<const std::string_view> candidates);

/// "a, b, c".
std::string join_names(std::span<const std::string_view> names);

}  // namespace framespec
