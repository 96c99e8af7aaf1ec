// One pass over the text that checks its form in full and notes the three known values; no document
// is built. The order of errors is SPEC.md's: encoding, form, values, missing keys.
#include <algorithm>
#include <charconv>
#include <list>
#include <optional>
#include <unordered_set>
#include <vector>

#include "framespec/json_header.h"
#include "utf8.h"

namespace framespec {
namespace {

constexpr std::string_view kFilenameKey = "filename";
constexpr std::string_view kMd5Key = "md5";
constexpr std::string_view kTotalSizeKey = "total_size";
constexpr std::size_t kMd5DigitCount = 32;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<unsigned> hex_value(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

JsonHeaderError error_at(std::size_t position, ErrorKind kind, std::string_view what) {
  return {kind, position, "header byte " + std::to_string(position) + ": " + std::string(what)};
}

/// A value of the header as it stands in the text, and for a string what it means.
struct Value {
  enum class Type : std::uint8_t { kString, kNumber, kOther };
  Type type = Type::kOther;
  std::size_t position = 0;
  std::string_view token;   // a number's characters
  std::string_view string;  // a known key's string, escapes decoded
};

/// The keys of all open objects, to find duplicates. Those of the innermost object come last; a few
/// are compared one by one, many by hash. Together, because a text of nothing but opening brackets
/// would multiply whatever each object had of its own.
class KeyStack {
 public:
  KeyStack() { keys_.reserve(kFew / 2); }  // most headers need no more

  /// Where the keys of an object begin that is opened now.
  std::size_t size() const { return keys_.size(); }

  /// Whether `key` is new in the innermost object, whose keys begin at `begin`. The key's bytes
  /// must stay where they are.
  bool insert(std::size_t begin, std::string_view key) {
    if (is_indexed(begin)) return indexes_.back().keys.insert(key).second;
    const auto first = keys_.begin() + static_cast<std::ptrdiff_t>(begin);
    if (std::find(first, keys_.end(), key) != keys_.end()) return false;
    keys_.push_back(key);
    if (keys_.size() - begin == kFew) [[unlikely]]
      index(begin);
    return true;
  }

  /// The innermost object, whose keys begin at `begin`, has ended.
  void close(std::size_t begin) {
    if (is_indexed(begin)) indexes_.pop_back();
    keys_.erase(keys_.begin() + static_cast<std::ptrdiff_t>(begin), keys_.end());
  }

 private:
  void index(std::size_t begin) {
    const auto first = keys_.begin() + static_cast<std::ptrdiff_t>(begin);
    indexes_.push_back({begin, {first, keys_.end()}});
  }

  static constexpr std::size_t kFew = 16;
  struct Index {
    std::size_t begin;
    std::unordered_set<std::string_view> keys;
  };
  // An object with an index has keys in keys_, so that no other begins where it does.
  bool is_indexed(std::size_t begin) const {
    return !indexes_.empty() && indexes_.back().begin == begin;
  }

  std::vector<std::string_view> keys_;
  std::vector<Index> indexes_;
};

class Parser {
 public:
  Parser(std::string_view text, const JsonHeaderLimits& limits) : text_(text), limits_(limits) {}

  std::expected<JsonHeader, JsonHeaderError> parse() {
    check_encoding();
    if (!error_) scan_document();
    if (!error_) error_ = std::move(value_error_);
    if (!error_) check_missing();
    if (error_) return std::unexpected(*std::move(error_));
    return std::move(header_);
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

  // Form. Each of these returns false with error_ set, or true with position_ behind what it read.

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
    Value value;
    value.position = position_;
    const char first = peek();
    if (first == '{' || first == '[') {
      note_value(top_level_key, value);
      return open_container(first == '{');
    }
    if (first == '"') {
      value.type = Value::Type::kString;
      if (!scan_string(value.string, [&] { return is_known(top_level_key); })) return false;
    } else if (first == '-' || is_digit(first)) {
      value.type = Value::Type::kNumber;
      if (!scan_number()) return false;
      value.token = text_.substr(value.position, position_ - value.position);
    } else if (!scan_literal()) {
      return false;
    }
    note_value(top_level_key, value);
    return true;
  }

  bool open_container(bool is_object) {
    if (containers_.size() == limits_.depth_max) {
      return fail(ErrorKind::kHeaderTooDeep, position_,
                  "objects and arrays nest deeper than " + std::to_string(limits_.depth_max));
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

  /// What an escape stands for goes to the end of `out`, if there is one.
  bool scan_escape(std::string* out) {
    constexpr std::string_view kLetters = "\"\\/bfnrt";
    constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
    const std::size_t start = position_;
    ++position_;
    if (peek_is('u')) return scan_unicode_escape(out, start);
    const std::size_t index = position_ < text_.size() ? kLetters.find(peek()) : kLetters.npos;
    if (index == std::string_view::npos) return syntax("there is no such escape");
    if (out != nullptr) *out += kMeanings[index];
    ++position_;
    return true;
  }

  bool scan_unicode_escape(std::string* out, std::size_t start) {
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
        return fail(ErrorKind::kHeaderEncoding, start,
                    "half of a surrogate pair without the other");
      }
      value = 0x10000 + ((value - 0xD800) << 10U) + (*low - 0xDC00);
    }
    if (out != nullptr) append_utf8(*out, value);
    return true;
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

  void skip_space() {
    while (peek_is(' ') || peek_is('\t') || peek_is('\n') || peek_is('\r')) ++position_;
  }

  static bool is_plain(char c) {
    return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20;
  }
  bool peek_is(char c) const { return position_ < text_.size() && text_[position_] == c; }
  /// The character here; NUL, which stands nowhere in JSON's grammar, at the end.
  char peek() const { return position_ < text_.size() ? text_[position_] : '\0'; }

  // Values.

  static bool is_known(std::string_view key) {
    return key == kFilenameKey || key == kMd5Key || key == kTotalSizeKey;
  }

  void note_value(std::string_view key, const Value& value) {
    if (key == kFilenameKey) {
      has_filename_ = true;
      note_filename(value);
    } else if (key == kMd5Key) {
      has_md5_ = true;
      note_md5(value);
    } else if (key == kTotalSizeKey) {
      has_total_size_ = true;
      note_total_size(value);
    }
  }

  void note_filename(const Value& value) {
    if (value.type != Value::Type::kString) return bad_value(value, "filename must be a string");
    if (!is_safe_filename(value.string)) {
      return bad_value(value, "filename must have at most 255 bytes and no '/', '\\', NUL or '..'");
    }
    header_.filename = value.string;
  }

  void note_md5(const Value& value) {
    if (value.type != Value::Type::kString || value.string.size() != kMd5DigitCount ||
        !std::ranges::all_of(value.string, [](char c) { return hex_value(c).has_value(); })) {
      return bad_value(value, "md5 must be a string of 32 hexadecimal digits");
    }
    header_.md5 = value.string;
    std::ranges::transform(header_.md5, header_.md5.begin(), [](char c) {
      return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    });
  }

  void note_total_size(const Value& value) {
    if (value.type != Value::Type::kNumber || !std::ranges::all_of(value.token, is_digit)) {
      return bad_value(value, "total_size must be a number written in digits alone");
    }
    const char* const end = value.token.data() + value.token.size();
    const auto [_, overflow] = std::from_chars(value.token.data(), end, header_.total_size);
    if (overflow != std::errc() || header_.total_size > limits_.total_size_max) {
      note_value_error(ErrorKind::kTooLarge, value,
                       "total_size is " + std::string(value.token) + "; at most " +
                           std::to_string(limits_.total_size_max) + " is allowed");
    }
  }

  void bad_value(const Value& value, std::string_view what) {
    note_value_error(ErrorKind::kHeaderBadValue, value, what);
  }

  void note_value_error(ErrorKind kind, const Value& value, std::string_view what) {
    if (!value_error_) value_error_ = error_at(value.position, kind, what);
  }

  void check_missing() {
    const std::string_view missing = !has_filename_     ? kFilenameKey
                                     : !has_md5_        ? kMd5Key
                                     : !has_total_size_ ? kTotalSizeKey
                                                        : std::string_view();
    if (missing.empty()) return;
    error_ = JsonHeaderError{ErrorKind::kHeaderMissingKey, text_.size(),
                             "the header has no " + std::string(missing)};
  }

  bool syntax(std::string_view what) { return fail(ErrorKind::kHeaderSyntax, position_, what); }

  bool fail(ErrorKind kind, std::size_t position, std::string_view what) {
    error_ = error_at(position, kind, what);
    return false;
  }

  std::string_view text_;
  JsonHeaderLimits limits_;
  std::size_t position_ = 0;
  std::vector<Container> containers_;
  KeyStack keys_;
  std::list<std::string> decoded_;  // contents of strings with escapes: rare, and never moved
  JsonHeader header_;
  bool has_filename_ = false;
  bool has_md5_ = false;
  bool has_total_size_ = false;
  std::optional<JsonHeaderError> error_;        // of encoding or form
  std::optional<JsonHeaderError> value_error_;  // the first of a value, should the form be right
};

}  // namespace

std::expected<JsonHeader, JsonHeaderError> parse_json_header(std::string_view text,
                                                             const JsonHeaderLimits& limits) {
  return Parser(text, limits).parse();
}

}  // namespace framespec
