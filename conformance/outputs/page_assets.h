// The script and the style of a page, compiled in; embed_page.cmake writes the definitions.
#pragma once

#include <string_view>

namespace framespec::conformance {

struct PageAsset {
  std::string_view text;
  std::string_view sha256;  ///< of the text, in hex
};

[[nodiscard]] PageAsset page_script() noexcept;
[[nodiscard]] PageAsset page_style() noexcept;

}  // namespace framespec::conformance
