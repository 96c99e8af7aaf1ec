// The JSON text of a suite file, read with what the JSON library itself would let pass.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace framespec::conformance {

/// So deep may objects and arrays of a suite file be nested, its outermost object being 1. The
/// deepest place of a case is at 13.
inline constexpr std::size_t kSuiteDepthMax = 32;

/// Parses; or throws BadSuite for text that is not JSON, begins with a byte order mark (the library
/// would skip it), holds a NUL byte (the library would take it for the end), nests too deep
/// (whoever walks it would run out of stack) or has a key twice in one object (the library would
/// take the last). `file` is for errors.
nlohmann::ordered_json parse_suite_json(std::string_view text, const std::string& file);

}  // namespace framespec::conformance
