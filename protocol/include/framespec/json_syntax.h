// The syntax of a JSON file, before its meaning: what a JSON library itself would let pass.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace framespec {

/// What is wrong with the text of a JSON file.
struct JsonSyntaxError {
  std::string path;  ///< where: a JSON path such as "$.length.width", "$" for the whole
  std::string message;
};

/// A kind of file that a program of framespec reads.
struct JsonFileKind {
  std::string_view name;      ///< "dialect file", for messages
  std::size_t depth_max = 0;  ///< of objects and arrays in each other, the outermost being 1
};

/// Whether `text` is one JSON value, without a byte order mark (the JSON library would skip it), a
/// NUL (it would take it for the end), a key twice in an object (it would take the last), a number
/// out of range, or deeper nesting than `kind` has (whoever walks it would run out of stack). A
/// syntax error names line and column, both from 1. Takes time in proportion to the text.
std::expected<void, JsonSyntaxError> check_json_syntax(std::string_view text,
                                                       const JsonFileKind& kind);

/// `path` of the member `key` of the object at `parent`: "$.length", or "$[\"odd key\"]".
std::string member_path(std::string_view parent, std::string_view key);

}  // namespace framespec
