// The dialect files as they were when the library was built; the .cc is written by
// embed_dialects.cmake.
#pragma once

#include <span>
#include <string_view>

namespace framespec {

struct EmbeddedDialect {
  std::string_view name;       ///< of the file, without ".json"
  std::string_view json_text;  ///< its content
};

/// In the order of shipped_dialects(). Valid for ever.
std::span<const EmbeddedDialect> embedded_dialects() noexcept;

}  // namespace framespec
