#include "report/markdown.h"

#include <fmt/format.h>

#include "framespec/printable.h"

namespace framespec::conformance {
namespace {

bool is_word(char letter) {
  return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
         (letter >= 'A' && letter <= 'Z') || static_cast<unsigned char>(letter) >= 0x80;
}

// An underscore inside a word begins nothing.
bool is_inside_word(std::string_view text, std::size_t at) {
  return at > 0 && at + 1 < text.size() && is_word(text[at - 1]) && is_word(text[at + 1]);
}

bool may_be_markup(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (std::string_view("\\`*[]<>&~$#@").contains(text[at])) return true;
    if (text[at] == '_' && !is_inside_word(text, at)) return true;
  }
  return text.contains("://") || text.contains("www.");  // links without any markup
}

// Inside a table a backslash before '|' belongs to the table, and in backquotes means itself: where
// there is either, each letter that means something to anybody is named by its number.
std::string numbered(std::string_view text) {
  std::string html = "<code>";
  for (const char letter : text) {
    if (is_word(letter) || std::string_view(" -/,='(){}").contains(letter)) {
      html += letter;
    } else {
      html += fmt::format("&#{};", static_cast<unsigned char>(letter));
    }
  }
  return html + "</code>";
}

}  // namespace

std::string markdown_text(std::string_view text) {
  const std::string shown = printable(text);
  if (may_be_markup(shown)) return markdown_code(text);
  std::string escaped;
  for (const char letter : shown)
    escaped += letter == '|' ? std::string("\\|") : std::string(1, letter);
  return escaped;
}

std::string markdown_code(std::string_view text) {
  const std::string shown = printable(text);
  if (shown.empty()) return {};
  const bool is_plain = shown.find_first_of("`|\\") == std::string::npos &&
                        !shown.starts_with(' ') && !shown.ends_with(' ');
  return is_plain ? "`" + shown + "`" : numbered(shown);
}

}  // namespace framespec::conformance
