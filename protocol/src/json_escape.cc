#include "json_escape.h"

#include "digit.h"
#include "json_header_error.h"
#include "utf8.h"

namespace framespec {
namespace {

class EscapeReader {
 public:
  EscapeReader(std::string_view text, std::size_t& position, std::string* out)
      : text_(text), position_(position), start_(position), out_(out) {}

  std::optional<JsonHeaderError> read() {
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    ++position_;
    if (peek_is('u')) return read_unicode();
    const std::size_t index =
        position_ < text_.size() ? kLetters.find(text_[position_]) : kLetters.npos;
    if (index == std::string_view::npos) return syntax("there is no such escape");
    if (out_ != nullptr) *out_ += kMeanings[index];
    ++position_;
    return std::nullopt;
  }

 private:
  std::optional<JsonHeaderError> read_unicode() {
    const auto unit = unicode_unit();
    if (!unit) return syntax("four hexadecimal digits must follow \\u");
    char32_t value = *unit;
    if (value >= 0xD800 && value <= 0xDFFF) {
      // What stands in the place of the other half is further right than the half that lacks it,
      // and so is not looked into (HDR-3).
      std::optional<char32_t> low;
      if (value <= 0xDBFF && peek_is('\\')) {
        ++position_;
        low = unicode_unit();
      }
      if (!low || *low < 0xDC00 || *low > 0xDFFF) {
        return json_header_error(start_, ErrorKind::kHeaderEncoding,
                                 "half of a surrogate pair without the other");
      }
      value = 0x10000 + ((value - 0xD800) << 10U) + (*low - 0xDC00);
    }
    if (out_ != nullptr) append_utf8(*out_, value);
    return std::nullopt;
  }

  /// `u` and four hexadecimal digits, or nothing, with position_ at what is there instead.
  std::optional<char32_t> unicode_unit() {
    if (!peek_is('u')) return std::nullopt;
    ++position_;
    char32_t value = 0;
    for (int i = 0; i < 4; ++i, ++position_) {
      const auto digit = position_ < text_.size() ? hex_value(text_[position_]) : std::nullopt;
      if (!digit) return std::nullopt;
      value = value << 4U | *digit;
    }
    return value;
  }

  bool peek_is(char c) const { return position_ < text_.size() && text_[position_] == c; }

  JsonHeaderError syntax(std::string_view what) const {
    return json_header_error(position_, ErrorKind::kHeaderSyntax, what);
  }

  std::string_view text_;
  std::size_t& position_;
  std::size_t start_;
  std::string* out_;
};

}  // namespace

std::optional<JsonHeaderError> read_json_escape(std::string_view text, std::size_t& position,
                                                std::string* out) {
  return EscapeReader(text, position, out).read();
}

}  // namespace framespec
