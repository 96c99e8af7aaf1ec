#include "report/cpp_text.h"

#include <fmt/format.h>

#include "framespec/printable.h"
#include "framespec/shortened.h"

namespace framespec::conformance {
namespace {

constexpr std::size_t kLiteralSizeMax = 80;
constexpr std::size_t kCommentSizeMax = 400;
constexpr std::size_t kNameSizeMax = 100;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A question mark could be one of a trigraph.
std::string escaped(char c) {
  if (c == '"' || c == '\\' || c == '?') return std::string("\\") + c;
  if (c >= ' ' && c <= '~') return {c};
  return fmt::format("\\{:03o}", static_cast<unsigned char>(c));
}

}  // namespace

std::string cpp_literal(std::string_view text, std::size_t indent) {
  std::string literal = "\"";
  std::size_t width = 0;
  for (const char c : text) {
    const std::string piece = escaped(c);
    if (width + piece.size() > kLiteralSizeMax) {
      literal += "\"\n" + std::string(indent, ' ') + '"';
      width = 0;
    }
    literal += piece;
    width += piece.size();
  }
  return literal + '"';
}

std::string cpp_comment(std::string_view text) {
  std::string comment;
  for (const char c : printable(shortened(text, kCommentSizeMax))) {
    // "??/" and "\" might go on with the next line; other characters may mislead who reads it.
    const bool is_plain = c >= ' ' && c <= '~' && c != '\\';
    if (is_plain && !(c == '?' && comment.ends_with('?'))) {
      comment += c;
    } else {
      comment += fmt::format("<{:02x}>", static_cast<unsigned char>(c));
    }
  }
  return comment;
}

std::string cpp_name(std::string_view text, std::string_view otherwise) {
  std::string name;
  bool is_start = true;
  for (char c : text) {
    if (!is_letter(c) && !is_digit(c)) {
      is_start = true;
      continue;
    }
    if (is_start && c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    is_start = false;
    if (name.size() < kNameSizeMax) name += c;
  }
  if (name.empty()) return std::string(otherwise);
  if (is_digit(name.front())) name.insert(0, 1, 'R');
  return name;
}

}  // namespace framespec::conformance
