// The Lua files of outputs/dissector, compiled in; embed_dissector.cmake writes the definitions.
#pragma once

#include <string_view>

namespace framespec::conformance {

[[nodiscard]] std::string_view embedded_dissector() noexcept;
[[nodiscard]] std::string_view embedded_json_header() noexcept;

}  // namespace framespec::conformance
