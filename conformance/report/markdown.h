// Text of anybody's in Markdown, as GitHub and GitLab read it.
#pragma once

#include <string>
#include <string_view>

namespace framespec::conformance {

/// Shown as it is, on one line, also between two '|' of a table: nothing in it is markup, a link,
/// an image, a reference, or the name of somebody who would be told. What could be any of these is
/// shown as code.
[[nodiscard]] std::string markdown_text(std::string_view text);

/// The same, as code in any case: for commands, and for what a testee has sent. Copied from the
/// page, it is `text`. Empty: nothing.
[[nodiscard]] std::string markdown_code(std::string_view text);

}  // namespace framespec::conformance
