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
#include "json_plain.h"
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
  static constexpr std::size_t kFailed = SIZE_MAX;

  /// An open object or array: as small as can be, as one byte of text opens one.
  struct Container {
    static constexpr std::size_t kKeysBeginMax = SIZE_MAX >> 2U;
    std::size_t keys_begin : 62;
    bool is_object : 1;
    bool is_empty : 1;
  };
  static_assert(sizeof(Container) == 8);

  void check_encoding() {
    if (text_.starts_with("\xEF\xBB\xBF")) {
      fail(0, ErrorKind::kHeaderEncoding, "a byte order mark; the text must start with '{'");
    } else if (const std::size_t invalid = find_invalid_utf8(text_);
               invalid != std::string_view::npos) {
      fail(invalid, ErrorKind::kHeaderEncoding, "this is not valid UTF-8");
    }
  }

  void scan_document() {
    std::size_t at = skip_space(0);
    if (peek(at) != '{') {
      syntax(at, "a header is one JSON object and starts with '{'");
      return;
    }
    at = open_container(at, true);
    while (at != kFailed && depth_ != 0) at = scan_member(at);
    if (at == kFailed) return;
    at = skip_space(at);
    if (at != text_.size()) syntax(at, "there are bytes after the JSON object");
  }

  // Each of these reads what begins at `at` and returns where that ends, or kFailed with error_
  // set. The position is handed on, not kept: so it stays in a register.

  /// The end of the innermost container, or its next element with what separates it.
  std::size_t scan_member(std::size_t at) {
    at = skip_space(at);
    if (peek(at) == (innermost_.is_object ? '}' : ']')) {
      close_container();
      return at + 1;
    }
    if (!innermost_.is_empty) {
      if (peek(at) != ',')
        return syntax(at, "',' or the end of the object or array must stand here");
      at = skip_space(at + 1);
    }
    innermost_.is_empty = false;
    HeaderKey key = HeaderKey::kNone;
    if (innermost_.is_object) {
      at = scan_key(at, key);
      if (at == kFailed) return kFailed;
    }
    return scan_value(at, key);
  }

  /// A key with its colon, and what follows that; `meaning` is set if it is one of ours.
  std::size_t scan_key(std::size_t at, HeaderKey& meaning) {
    const std::size_t key_position = at;
    if (peek(at) != '"') return syntax(at, "a key in double quotes must stand here");
    std::string_view key;
    at = scan_string(at, key, true);
    if (at == kFailed) return kFailed;
    if (!keys_.insert(innermost_.keys_begin, key)) {
      return fail(key_position, ErrorKind::kHeaderDuplicateKey,
                  "this key stands twice in its object");
    }
    at = skip_space(at);
    if (peek(at) != ':') return syntax(at, "':' must stand between a key and its value");
    if (depth_ == 1) meaning = header_key(key);
    return skip_space(at + 1);
  }

  /// One value; that of a key of ours goes into the header.
  std::size_t scan_value(std::size_t at, HeaderKey key) {
    JsonValue value;
    value.position = at;
    const char first = peek(at);
    if (first == '"') {
      value.type = JsonValue::Type::kString;
      at = scan_string(at, value.string, key != HeaderKey::kNone);
    } else if (first == '{' || first == '[') {
      values_.note(key, value);
      return open_container(at, first == '{');
    } else if (first == '-' || is_digit(first)) {
      value.type = JsonValue::Type::kNumber;
      at = scan_number(at);
      if (at != kFailed) value.token = text_.substr(value.position, at - value.position);
    } else {
      at = scan_literal(at);
    }
    if (at != kFailed && key != HeaderKey::kNone) values_.note(key, value);
    return at;
  }

  std::size_t open_container(std::size_t at, bool is_object) {
    if (depth_ == depth_max_) {
      return fail(at, ErrorKind::kHeaderTooDeep,
                  "objects and arrays nest deeper than " + std::to_string(depth_max_));
    }
    if (depth_ != 0) outer_.push_back(innermost_);
    ++depth_;
    innermost_ = {.keys_begin = is_object ? keys_.open() & Container::kKeysBeginMax : 0,
                  .is_object = is_object,
                  .is_empty = true};
    return at + 1;
  }

  void close_container() {
    if (innermost_.is_object) keys_.close(innermost_.keys_begin);
    --depth_;
    if (depth_ == 0) return;
    innermost_ = outer_.back();
    outer_.pop_back();
  }

  std::size_t scan_literal(std::size_t at) {
    for (const std::string_view literal : {"true", "false", "null"}) {
      if (text_.substr(at).starts_with(literal)) return at + literal.size();
    }
    return syntax(at, "a JSON value must stand here");
  }

  std::size_t scan_number(std::size_t at) {
    if (peek(at) == '-') ++at;
    at = peek(at) == '0' ? at + 1 : scan_digits(at);
    if (at != kFailed && peek(at) == '.') at = scan_digits(at + 1);
    if (at == kFailed || (peek(at) | 0x20) != 'e') return at;
    ++at;
    if (peek(at) == '+' || peek(at) == '-') ++at;
    return scan_digits(at);
  }

  std::size_t scan_digits(std::size_t at) {
    if (!is_digit(peek(at))) return syntax(at, "a digit must stand here");
    do {
      ++at;
    } while (is_digit(peek(at)));
    return at;
  }

  /// A string in quotes. Its contents are a view of the text, or of decoded_ if it has escapes and
  /// is wanted; empty if not, as decoding costs memory.
  std::size_t scan_string(std::size_t at, std::string_view& contents, bool is_wanted) {
    const std::string_view plain = plain_at(at + 1);
    at += 1 + plain.size();
    if (peek(at) != '"') return scan_escaped(at, plain, contents, is_wanted);
    contents = plain;
    return at + 1;
  }

  /// The rest of a string of which `plain` has been read.
  std::size_t scan_escaped(std::size_t at, std::string_view plain, std::string_view& contents,
                           bool is_wanted) {
    std::string decoded;
    std::string* const out = is_wanted ? &decoded : nullptr;
    if (out != nullptr) *out = plain;
    while (peek(at) != '"') {
      if (at == text_.size()) return syntax(at, "the text ends inside a string");
      if (peek(at) != '\\') return syntax(at, "a control character must be escaped");
      error_ = read_json_escape(text_, at, out);
      if (error_) return kFailed;
      const std::string_view more = plain_at(at);
      if (out != nullptr) *out += more;
      at += more.size();
    }
    if (out != nullptr) contents = decoded_.emplace_back(std::move(decoded));
    return at + 1;
  }

  std::string_view plain_at(std::size_t at) const {
    const char* const begin = text_.data() + at;
    return {begin, plain_prefix_size({begin, text_.size() - at})};
  }

  std::size_t skip_space(std::size_t at) const {
    while (at < text_.size() && is_space(text_[at])) ++at;
    return at;
  }

  static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  /// The character at `at`; NUL, which stands nowhere in JSON's grammar, at the end.
  char peek(std::size_t at) const { return at < text_.size() ? text_[at] : '\0'; }

  std::size_t syntax(std::size_t at, std::string_view what) {
    return fail(at, ErrorKind::kHeaderSyntax, what);
  }

  [[gnu::cold]] std::size_t fail(std::size_t at, ErrorKind kind, std::string_view what) {
    error_ = json_header_error(at, kind, what);
    return kFailed;
  }

  std::string_view text_;
  std::uint32_t depth_max_;
  std::uint32_t depth_ = 0;  // open containers: innermost_, and ...
  Container innermost_{};    // ... in place, as most headers have no other
  std::vector<Container> outer_;
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
