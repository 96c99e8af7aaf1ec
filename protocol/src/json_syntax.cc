#include "framespec/json_syntax.h"

#include <algorithm>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include "framespec/byte_order_mark.h"
#include "framespec/printable.h"
#include "framespec/shortened.h"

namespace framespec {
namespace {

constexpr std::size_t kKeyShownMax = 60;

std::string shown_part(std::string_view text) { return printable(shortened(text, kKeyShownMax)); }

std::string place(std::string_view text, std::size_t index) {
  const std::string_view before = text.substr(0, std::min(index, text.size()));
  const auto line = 1 + std::ranges::count(before, '\n');
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0: the first line
  return "line " + std::to_string(line) + ", column " +
         std::to_string(before.size() - line_start + 1);
}

// Sees the events of the parse; the value itself is read by somebody else.
class SyntaxChecker : public nlohmann::json_sax<nlohmann::json> {
 public:
  SyntaxChecker(std::string_view text, const JsonFileKind& kind) : text_(text), kind_(kind) {}

  const JsonSyntaxError& error() const { return error_; }

  bool null() override { return enter_value(); }
  bool boolean(bool /*value*/) override { return enter_value(); }
  bool number_integer(number_integer_t /*value*/) override { return enter_value(); }
  bool number_unsigned(number_unsigned_t /*value*/) override { return enter_value(); }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override {
    return enter_value();
  }
  bool string(string_t& /*value*/) override { return enter_value(); }
  bool binary(binary_t& /*value*/) override { return enter_value(); }

  bool start_object(std::size_t /*size*/) override { return open(true); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t /*size*/) override { return open(false); }
  bool end_array() override { return close(); }

  bool key(string_t& key) override {
    Level& level = levels_.back();
    level.path = member_path(level.object_path, key);
    if (level.keys.insert(key).second) return true;
    return fail(level.path, "occurs twice; a key may be there once in an object");
  }

  bool parse_error(std::size_t position, const std::string& token,
                   const nlohmann::json::exception& exception) override {
    constexpr int kNumberOutOfRange = 406;
    if (exception.id == kNumberOutOfRange) {
      enter_value();
      return fail(levels_.empty() ? "$" : levels_.back().path,
                  "the number " + shown_part(token) + " is out of range");
    }
    // The library's sentence, without its own idea of the place and without the text of the file.
    const std::string_view what = exception.what();
    const std::size_t expected = what.rfind("; expected ");
    std::string message = place(text_, position == 0 ? 0 : position - 1) + ": not valid JSON";
    if (expected != std::string_view::npos) {
      message += " (expected " + shown_part(what.substr(expected + 11)) + ")";
    }
    return fail("$", std::move(message));
  }

 private:
  struct Level {
    bool is_object = false;
    std::string object_path;
    std::string path;  // of the value that comes next
    std::size_t index = 0;
    std::set<std::string> keys;
  };

  bool fail(std::string path, std::string message) {
    error_ = {.path = std::move(path), .message = std::move(message)};
    return false;
  }

  bool enter_value() {
    if (levels_.empty() || levels_.back().is_object) return true;
    Level& array = levels_.back();
    array.path = array.object_path + "[" + std::to_string(array.index++) + "]";
    return true;
  }

  bool open(bool is_object) {
    enter_value();
    const std::string path = levels_.empty() ? "$" : levels_.back().path;
    if (levels_.size() == kind_.depth_max) {
      return fail(path, "objects and arrays are nested more than " +
                            std::to_string(kind_.depth_max) + " deep; no " +
                            std::string(kind_.name) + " needs that");
    }
    levels_.push_back({.is_object = is_object, .object_path = path, .path = path, .keys = {}});
    return true;
  }

  bool close() {
    levels_.pop_back();
    return true;
  }

  std::string_view text_;
  const JsonFileKind& kind_;
  std::vector<Level> levels_;
  JsonSyntaxError error_;
};

}  // namespace

std::string member_path(std::string_view parent, std::string_view key) {
  const bool is_plain =
      !key.empty() && key.size() <= kKeyShownMax && std::ranges::all_of(key, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '$' || c == '-';
      });
  if (is_plain) return std::string(parent) + "." + std::string(key);
  return std::string(parent) + "[\"" + shown_part(key) + "\"]";
}

std::expected<void, JsonSyntaxError> check_json_syntax(std::string_view text,
                                                       const JsonFileKind& kind) {
  if (begins_with_byte_order_mark(text)) {
    return std::unexpected(
        JsonSyntaxError{.path = "$", .message = std::string(kByteOrderMarkRefused)});
  }
  if (const std::size_t at = text.find('\0'); at != std::string_view::npos) {
    return std::unexpected(JsonSyntaxError{
        .path = "$",
        .message = place(text, at) + ": a NUL byte; a " + std::string(kind.name) + " is text"});
  }
  SyntaxChecker checker(text, kind);
  if (!nlohmann::json::sax_parse(text, &checker)) return std::unexpected(checker.error());
  return {};
}

}  // namespace framespec
