// Text that may come from anywhere, for a terminal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace framespec {

/// What printable() leaves of the characters that lay text out.
enum class Layout : std::uint8_t {
  kOneLine,  ///< nothing: what is shown stays where it was put
  kLines,    ///< line feeds and tabs
};

/// `text` with all bytes of whatever does not show itself written as `\x` and two hexadecimal
/// digits each, so that nobody's words can move the cursor, change colours, turn the direction of
/// writing, forge a line, or look like other words; and so that the reader sees what was there.
/// That is
///
/// - bytes that are no UTF-8 (RFC 3629), lone bytes from 80 to 9f among them: to a terminal that
///   does not read UTF-8 they are controls;
/// - controls (C0, DEL, C1), and what separates lines and paragraphs (U+2028, U+2029);
/// - what Unicode calls default ignorable, as it draws nothing: marks and overrides of direction,
///   joiners, spaces and fillers without width, the byte order mark, variation selectors, tags;
/// - interlinear annotations, and noncharacters.
///
/// Characters that are merely unassigned, of private use or unknown to a font stay: a terminal
/// draws something for them. So does a backslash: what is shown is for people, and not to be read
/// back. Linear in time; at most four times as long as `text`.
///
/// Every program passes through this what it shows of a user's, a file's, a peer's or a testee's
/// words; shortened() comes first where they may be long.
std::string printable(std::string_view text, Layout layout = Layout::kOneLine);

}  // namespace framespec
