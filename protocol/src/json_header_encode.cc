#include <algorithm>
#include <string>

#include "framespec/json_header.h"
#include "utf8.h"

namespace framespec {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

void append_unicode_escape(std::string& out, char32_t unit) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) out += kDigits[unit >> shift & 0xFU];
}

/// `value` is not written as it is.
void append_escaped(std::string& out, char32_t value) {
  switch (value) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (value < 0x10000) {
    append_unicode_escape(out, value);
  } else {
    const char32_t offset = value - 0x10000;
    append_unicode_escape(out, 0xD800U + (offset >> 10U));
    append_unicode_escape(out, 0xDC00U + (offset & 0x3FFU));
  }
}

/// Whether `c` is written as it is.
bool is_verbatim(char c) { return c >= 0x20 && c < 0x7F && c != '"' && c != '\\'; }

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (;;) {
    const auto special = std::ranges::find_if_not(text, is_verbatim);
    out.append(text.begin(), special);
    text.remove_prefix(static_cast<std::size_t>(special - text.begin()));
    if (text.empty()) break;
    const CodePoint point = decode_utf8(text);
    append_escaped(out, point.size == 0 ? kReplacement : point.value);
    text.remove_prefix(point.size == 0 ? 1 : point.size);
  }
  out += '"';
}

}  // namespace

std::string encode_json_header(const JsonHeader& header) {
  constexpr std::size_t kSizeOfTheRest = 128;  // keys, digest and digits, in most headers
  std::string out;
  out.reserve(header.filename.size() + kSizeOfTheRest);
  out += R"({"filename": )";
  append_quoted(out, header.filename);
  out += R"(, "md5": )";
  append_quoted(out, header.md5);
  out += R"(, "total_size": )";
  out += std::to_string(header.total_size);
  out += '}';
  return out;
}

bool is_safe_filename(std::string_view name) noexcept {
  constexpr std::size_t kFilenameSizeMax = 255;
  if (name.size() > kFilenameSizeMax) return false;
  char before = '\0';
  for (const char c : name) {
    if (c == '/' || c == '\\' || c == '\0' || (c == '.' && before == '.')) return false;
    before = c;
  }
  return find_invalid_utf8(name) == std::string_view::npos;
}

}  // namespace framespec
