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

void append_json_character(std::string& out, char32_t value) {
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
  if (value >= 0x20 && value < 0x7F) {
    out += static_cast<char>(value);
  } else if (value < 0x10000) {
    append_unicode_escape(out, value);
  } else {
    const char32_t offset = value - 0x10000;
    append_unicode_escape(out, 0xD800U + (offset >> 10U));
    append_unicode_escape(out, 0xDC00U + (offset & 0x3FFU));
  }
}

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const CodePoint point = decode_utf8(text);
    append_json_character(out, point.size == 0 ? kReplacement : point.value);
    text.remove_prefix(point.size == 0 ? 1 : point.size);
  }
  out += '"';
}

}  // namespace

std::string encode_json_header(const JsonHeader& header) {
  std::string out = R"({"filename": )";
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
  constexpr std::string_view kForbidden("/\\\0", 3);
  return name.size() <= kFilenameSizeMax &&
         name.find_first_of(kForbidden) == std::string_view::npos &&
         name.find("..") == std::string_view::npos &&
         find_invalid_utf8(name) == std::string_view::npos;
}

}  // namespace framespec
