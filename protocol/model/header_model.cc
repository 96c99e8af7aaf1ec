#include "header_model.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

namespace framespec::model {
namespace {

using nlohmann::json;

bool is_digit(char character) { return character >= '0' && character <= '9'; }

bool is_hex_digit(char character) {
  return is_digit(character) || (character >= 'a' && character <= 'f') ||
         (character >= 'A' && character <= 'F');
}

// Whether the escape that the start of a string breaks off in stands where the second half of a
// surrogate pair should be: nlohmann blames the escape, SPEC.md the half to its left (HDR-3).
bool ends_in_half_pair(std::string_view string) {
  bool is_half = false;
  for (std::size_t at = 0; at < string.size();) {
    if (string[at] != '\\') {
      is_half = false;
      ++at;
      continue;
    }
    const std::string_view digits = string.substr(std::min(at + 2, string.size())).substr(0, 4);
    if (string.substr(at, 2) != "\\u") {
      is_half = false;
      at += 2;
    } else if (digits.size() < 4 || !std::all_of(digits.begin(), digits.end(), is_hex_digit)) {
      return is_half;
    } else {
      // D800 to DBFF; the second half of a whole pair is none of these.
      is_half = (digits[0] == 'd' || digits[0] == 'D') && digits[1] >= '8' &&
                (digits[1] <= '9' || digits[1] == 'a' || digits[1] == 'A' || digits[1] == 'b' ||
                 digits[1] == 'B');
      at += 6;
    }
  }
  return false;
}

// Receives the header's parts in the order in which they stand, and so meets its errors in that
// order.
class HeaderReader final : public json::json_sax_t {
 public:
  explicit HeaderReader(const JsonHeaderLimits& limits) : limits_(limits) {}

  bool null() override { return other_value(); }
  bool boolean(bool /*value*/) override { return other_value(); }
  bool binary(json::binary_t& /*value*/) override { return other_value(); }
  // A sign in front is what makes nlohmann call an integer signed.
  bool number_integer(std::int64_t /*value*/) override { return other_value(); }
  bool number_unsigned(std::uint64_t value) override { return total_size(std::to_string(value)); }
  bool number_float(double /*value*/, const std::string& digits) override {
    return total_size(digits);
  }

  bool string(std::string& value) override {
    if (keys_.empty()) return form_error(ErrorKind::kHeaderSyntax);
    if (is_known("filename")) {
      const bool is_safe = value.size() <= 255 && value.find('/') == std::string::npos &&
                           value.find('\\') == std::string::npos &&
                           value.find('\0') == std::string::npos &&
                           value.find("..") == std::string::npos;
      if (!is_safe) value_error(ErrorKind::kHeaderBadValue);
      header_.filename = value;
    } else if (is_known("md5")) {
      if (value.size() != 32 || !std::all_of(value.begin(), value.end(), is_hex_digit)) {
        value_error(ErrorKind::kHeaderBadValue);
      }
      for (char& digit : value) {
        if (digit >= 'A' && digit <= 'F') digit = static_cast<char>(digit + ('a' - 'A'));
      }
      header_.md5 = value;
    } else if (is_known("total_size")) {
      value_error(ErrorKind::kHeaderBadValue);
    }
    return true;
  }

  bool start_object(std::size_t /*size*/) override { return start_container(); }
  bool end_object() override { return end_container(); }
  bool start_array(std::size_t /*size*/) override {
    return keys_.empty() ? form_error(ErrorKind::kHeaderSyntax) : start_container();
  }
  bool end_array() override { return end_container(); }

  bool key(std::string& value) override {
    if (!keys_.back().insert(value).second) return form_error(ErrorKind::kHeaderDuplicateKey);
    if (keys_.size() == 1) top_level_key_ = value;
    return true;
  }

  bool parse_error(std::size_t position, const std::string& last_token,
                   const nlohmann::detail::exception& error) override {
    if (error.id == kNumberOutOfRange) {
      unreadable_number_end_ = position;
      unreadable_number_ = last_token;
      return false;
    }
    // The sentence ends with what was read last, which may hold any words.
    const std::string_view sentence(error.what());
    const std::string_view reason = sentence.substr(0, sentence.find("; last read"));
    const auto says = [&](const char* words) { return reason.find(words) != reason.npos; };
    is_unexpected_string_ = says("unexpected string literal");
    const bool is_lone_surrogate =
        says("invalid string: surrogate") ||
        (says("must be followed by 4 hex digits") && ends_in_half_pair(last_token));
    // Outside of the object no string may stand at all.
    if (!is_lone_surrogate || keys_.empty()) return form_error(ErrorKind::kHeaderSyntax);
    // Only the last byte read can be a control character, which nlohmann shows as eight.
    const bool ends_escaped = last_token.size() >= 8 && last_token.ends_with('>') &&
                              last_token.compare(last_token.size() - 8, 3, "<U+") == 0;
    lone_surrogate_string_ = position - (last_token.size() - (ends_escaped ? 7 : 0));
    return form_error(ErrorKind::kHeaderEncoding);
  }

  std::expected<JsonHeader, ErrorKind> result() const {
    if (form_error_) return std::unexpected(*form_error_);
    if (value_error_) return std::unexpected(*value_error_);
    for (const char* const known : {"filename", "md5", "total_size"}) {
      if (!top_level_keys_.contains(known)) return std::unexpected(ErrorKind::kHeaderMissingKey);
    }
    return header_;
  }

  // Where a number ends that is legal JSON but beyond what nlohmann can hold, and its text.
  std::optional<std::size_t> unreadable_number_end() const { return unreadable_number_end_; }
  const std::string& unreadable_number() const { return unreadable_number_; }

  // Where the string with a lone surrogate begins that was the first error.
  std::optional<std::size_t> lone_surrogate_string() const { return lone_surrogate_string_; }
  // Whether the first error was a string where none may stand.
  bool is_unexpected_string() const { return is_unexpected_string_; }

 private:
  static constexpr int kNumberOutOfRange = 406;

  bool is_known(std::string_view name) const { return keys_.size() == 1 && top_level_key_ == name; }
  bool is_any_known() const {
    return is_known("filename") || is_known("md5") || is_known("total_size");
  }

  bool other_value() {
    if (keys_.empty()) return form_error(ErrorKind::kHeaderSyntax);
    if (is_any_known()) value_error(ErrorKind::kHeaderBadValue);
    return true;
  }

  bool total_size(const std::string& token) {
    if (keys_.empty() || !is_known("total_size") ||
        !std::all_of(token.begin(), token.end(), is_digit)) {
      return other_value();
    }
    // Of two numbers in digits alone the longer is the larger; of two as long the text decides.
    const std::string limit = std::to_string(limits_.total_size_max);
    if (token.size() > limit.size() || (token.size() == limit.size() && token > limit)) {
      value_error(ErrorKind::kTooLarge);
    } else {
      header_.total_size = std::stoull(token);
    }
    return true;
  }

  bool start_container() {
    if (!keys_.empty() && is_any_known()) value_error(ErrorKind::kHeaderBadValue);
    if (keys_.size() == limits_.depth_max) return form_error(ErrorKind::kHeaderTooDeep);
    keys_.emplace_back();
    return true;
  }

  bool end_container() {
    if (keys_.size() == 1) top_level_keys_ = keys_.back();
    keys_.pop_back();
    return true;
  }

  bool form_error(ErrorKind kind) {
    form_error_ = kind;
    return false;
  }
  void value_error(ErrorKind kind) {
    if (!value_error_) value_error_ = kind;
  }

  JsonHeaderLimits limits_;
  JsonHeader header_;
  std::vector<std::set<std::string>> keys_;  // of each open object; an array has none
  std::set<std::string> top_level_keys_;
  std::string top_level_key_;
  std::optional<ErrorKind> form_error_;
  std::optional<ErrorKind> value_error_;
  std::optional<std::size_t> unreadable_number_end_;
  std::string unreadable_number_;
  std::optional<std::size_t> lone_surrogate_string_;
  bool is_unexpected_string_ = false;
};

// nlohmann reads a string to its end before it sees that none may stand there; SPEC.md wants the
// leftmost error, which is then that one.
bool may_string_stand(std::string_view text, std::size_t begin, const JsonHeaderLimits& limits) {
  HeaderReader reader(limits);
  json::sax_parse(std::string(text.substr(0, begin)) + "\"\"", &reader);
  return !reader.is_unexpected_string();
}

bool is_utf8(const std::string& text) {
  try {
    (void)json(text).dump();
    return true;
  } catch (const json::type_error&) {
    return false;
  }
}

}  // namespace

std::expected<JsonHeader, ErrorKind> read_header(std::string text, const JsonHeaderLimits& limits) {
  if (text.starts_with("\xEF\xBB\xBF") || !is_utf8(text)) {
    return std::unexpected(ErrorKind::kHeaderEncoding);
  }
  // nlohmann takes a NUL for the end of the text; any other control character is as illegal.
  std::replace(text.begin(), text.end(), '\0', '\x01');
  for (;;) {
    HeaderReader reader(limits);
    json::sax_parse(text, &reader);
    const auto string = reader.lone_surrogate_string();
    if (string && !may_string_stand(text, *string, limits)) {
      return std::unexpected(ErrorKind::kHeaderSyntax);
    }
    if (!reader.unreadable_number_end()) return reader.result();
    // A number that no double can hold: another one takes its place, with an exponent, so that an
    // "e" behind it stays as wrong as it was.
    const std::string& number = reader.unreadable_number();
    const bool is_digits = std::all_of(number.begin(), number.end(), is_digit);
    text.replace(*reader.unreadable_number_end() - number.size(), number.size(),
                 is_digits ? std::string(30, '9') : "0.5e0");
  }
}

}  // namespace framespec::model
