// Words of others in C++ source text: nothing in them is read as C++.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace framespec::conformance {

/// `text` as a string literal with its quotes, in ASCII: all that is no plain character is written
/// in octal. Long ones are several literals, each on a line of its own that begins with `indent`
/// spaces; the first goes on where it stands.
[[nodiscard]] std::string cpp_literal(std::string_view text, std::size_t indent);

/// `text` for one line of a comment, in ASCII: it can neither end it, nor go on with the next line.
[[nodiscard]] std::string cpp_comment(std::string_view text);

/// The words of `text` as a name: "length/int32/cut_at-2/empty" is "LengthInt32CutAt2Empty". A name
/// of at most 100 characters, whatever the text; `otherwise` where no word is left.
[[nodiscard]] std::string cpp_name(std::string_view text, std::string_view otherwise);

}  // namespace framespec::conformance
