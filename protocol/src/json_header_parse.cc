// One pass over the text that checks its form in full and notes the three known values; no document
// is built. The order of errors is SPEC.md's: encoding, form, values, missing keys.
#include <list>
#include <optional>
#include <vector>

#include "digit.h"
#include "framespec/json_header.h"
#include "json_escape.h"
#include "json_header_error.h"
#include "json_header_values.h"
#include "json_key_stack.h"
#include "utf8.h"

namespace framespec {
namespace {

class Parser {
 public:
  Parser(std::string_view text, const JsonHeaderLimits& limits)
      : text_(text), depth_max_(limits.depth_max), values_(limits.total_size_max) {}

  std::expected<JsonHeader, JsonHeaderError> parse() {
    check_encoding();
    if (!error_) scan_document();
    if (error_) return std::unexpected(*std::move(error_));
    return std::move(values_).take(text_.size());
  }

 private:
  /// An open object or array: as small as can be, as one byte of text opens one.
  struct Container {
    static constexpr std::size_t kKeysBeginMax = SIZE_MAX >> 2U;
    std::size_t keys_begin : 62;
    bool is_object : 1;
    bool is_empty : 1;
  };
  static_assert(sizeof(Container) == 8);

  // Each of these returns false with error_ set, or true with position_ behind what it read.

  void check_encoding() {
    if (text_.starts_with("\xEF\xBB\xBF")) {
      fail(ErrorKind::kHeaderEncoding, 0, "a byte order mark; the text must start with '{'");
    } else if (const std::size_t invalid = find_invalid_utf8(text_);
               invalid != std::string_view::npos) {
      fail(ErrorKind::kHeaderEncoding, invalid, "this is not valid UTF-8");
    }
  }

  void scan_document() {
    skip_space();
    if (peek() != '{') {
      syntax("a header is one JSON object and starts with '{'");
      return;
    }
    if (!open_container(true)) return;
    while (!containers_.empty()) {
      if (!scan_member()) return;
    }
    skip_space();
    if (position_ != text_.size()) syntax("there are bytes after the JSON object");
  }

  /// The end of the innermost container, or its next element with what separates it.
  bool scan_member() {
    Container& container = containers_.back();
    skip_space();
    if (peek() == (container.is_object ? '}' : ']')) {
      ++position_;
      if (container.is_object) keys_.close(container.keys_begin);
      containers_.pop_back();
      return true;
    }
    if (!container.is_empty) {
      if (peek() != ',') return syntax("',' or the end of the object or array must stand here");
      ++position_;
      skip_space();
    }
    container.is_empty = false;
    if (!container.is_object) return scan_value({});

    const std::size_t key_position = position_;
    if (peek() != '"') return syntax("a key in double quotes must stand here");
    std::string_view key;
    if (!scan_string(key, [] { return true; })) return false;
    if (!keys_.insert(container.keys_begin, key)) {
      return fail(ErrorKind::kHeaderDuplicateKey, key_position,
                  "this key stands twice in its object");
    }
    skip_space();
    if (peek() != ':') return syntax("':' must stand between a key and its value");
    ++position_;
    skip_space();
    return scan_value(containers_.size() == 1 ? key : std::string_view());
  }

  /// One value; that of `top_level_key` goes into the header if it is one of ours.
  bool scan_value(std::string_view top_level_key) {
    JsonValue value;
    value.position = position_;
    const char first = peek();
    if (first == '{' || first == '[') {
      values_.note(top_level_key, value);
      return open_container(first == '{');
    }
    if (first == '"') {
      value.type = JsonValue::Type::kString;
      if (!scan_string(value.string, [&] { return JsonHeaderValues::is_known(top_level_key); }))
        return false;
    } else if (first == '-' || is_digit(first)) {
      value.type = JsonValue::Type::kNumber;
      if (!scan_number()) return false;
      value.token = text_.substr(value.position, position_ - value.position);
    } else if (!scan_literal()) {
      return false;
    }
    values_.note(top_level_key, value);
    return true;
  }

  bool open_container(bool is_object) {
    if (containers_.size() == depth_max_) {
      return fail(ErrorKind::kHeaderTooDeep, position_,
                  "objects and arrays nest deeper than " + std::to_string(depth_max_));
    }
    ++position_;
    containers_.push_back({.keys_begin = keys_.size() & Container::kKeysBeginMax,
                           .is_object = is_object,
                           .is_empty = true});
    return true;
  }

  bool scan_literal() {
    for (const std::string_view literal : {"true", "false", "null"}) {
      if (text_.substr(position_).starts_with(literal)) {
        position_ += literal.size();
        return true;
      }
    }
    return syntax("a JSON value must stand here");
  }

  bool scan_number() {
    if (peek() == '-') ++position_;
    if (peek() == '0') {
      ++position_;
    } else if (!scan_digits()) {
      return false;
    }
    if (peek() == '.') {
      ++position_;
      if (!scan_digits()) return false;
    }
    if (peek() == 'e' || peek() == 'E') {
      ++position_;
      if (peek() == '+' || peek() == '-') ++position_;
      if (!scan_digits()) return false;
    }
    return true;
  }

  bool scan_digits() {
    if (!is_digit(peek())) return syntax("a digit must stand here");
    while (is_digit(peek())) ++position_;
    return true;
  }

  /// A string in quotes. Its contents are a view of the text, or of decoded_ if it has escapes and
  /// `is_wanted()`; empty if not, as decoding costs memory.
  template <class IsWanted>
  bool scan_string(std::string_view& contents, const IsWanted& is_wanted) {
    ++position_;
    const std::size_t start = position_;
    while (position_ < text_.size() && is_plain(text_[position_])) ++position_;
    if (peek_is('"')) {
      contents = text_.substr(start, position_ - start);
      ++position_;
      return true;
    }
    std::string decoded;
    std::string* const out = is_wanted() ? &decoded : nullptr;
    if (out != nullptr) *out = text_.substr(start, position_ - start);
    while (!peek_is('"')) {
      if (position_ == text_.size()) return syntax("the text ends inside a string");
      if (peek() == '\\') {
        if (!scan_escape(out)) return false;
      } else if (is_plain(peek())) {
        if (out != nullptr) *out += peek();
        ++position_;
      } else {
        return syntax("a control character must be escaped");
      }
    }
    ++position_;
    if (out != nullptr) contents = decoded_.emplace_back(std::move(decoded));
    return true;
  }

  bool scan_escape(std::string* out) {
    error_ = read_json_escape(text_, position_, out);
    return !error_;
  }

  void skip_space() {
    while (peek_is(' ') || peek_is('\t') || peek_is('\n') || peek_is('\r')) ++position_;
  }

  static bool is_plain(char c) {
    return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20;
  }
  bool peek_is(char c) const { return position_ < text_.size() && text_[position_] == c; }
  /// The character here; NUL, which stands nowhere in JSON's grammar, at the end.
  char peek() const { return position_ < text_.size() ? text_[position_] : '\0'; }

  bool syntax(std::string_view what) { return fail(ErrorKind::kHeaderSyntax, position_, what); }

  bool fail(ErrorKind kind, std::size_t position, std::string_view what) {
    error_ = json_header_error(position, kind, what);
    return false;
  }

  std::string_view text_;
  std::uint32_t depth_max_;
  std::size_t position_ = 0;
  std::vector<Container> containers_;
  JsonKeyStack keys_;
  std::list<std::string> decoded_;  // contents of strings with escapes: rare, and never moved
  JsonHeaderValues values_;
  std::optional<JsonHeaderError> error_;  // of encoding or form
};

}  // namespace

std::expected<JsonHeader, JsonHeaderError> parse_json_header(std::string_view text,
                                                             const JsonHeaderLimits& limits) {
  return Parser(text, limits).parse();
}

}  // namespace framespec
