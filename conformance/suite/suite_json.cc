#include "suite/suite_json.h"

#include <set>
#include <vector>

#include "framespec/byte_order_mark.h"
#include "suite/suite_reader.h"

namespace framespec::conformance {
namespace {

using Json = nlohmann::ordered_json;

/// Follows a parser through the text, knowing where it is. A handler of its own, and not a callback
/// of the parser that makes the values: that one looks through a whole array at the end of each of
/// its objects.
class Watch final : public nlohmann::json_sax<Json> {
 public:
  explicit Watch(const std::string& file) : file_(file) {}

  bool null() override { return see_value(); }
  bool boolean(bool /*value*/) override { return see_value(); }
  bool number_integer(number_integer_t /*value*/) override { return see_value(); }
  bool number_unsigned(number_unsigned_t /*value*/) override { return see_value(); }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override {
    return see_value();
  }
  bool string(string_t& /*value*/) override { return see_value(); }
  bool binary(binary_t& /*value*/) override { return see_value(); }
  bool start_object(std::size_t /*size*/) override { return enter(false); }
  bool end_object() override { return leave(); }
  bool start_array(std::size_t /*size*/) override { return enter(true); }
  bool end_array() override { return leave(); }
  bool key(string_t& key) override { return see_key(key); }
  /// Whoever makes the values says it.
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return false;
  }

 private:
  struct Level {
    bool is_array = false;
    std::string path;
    std::size_t index = 0;  // of the next element or member
    std::string key;        // of an object's last member
    std::set<std::string> keys{};
  };

  bool enter(bool is_array) {
    auto path = levels_.empty() ? "$" : next_path();
    if (levels_.size() == kSuiteDepthMax) {
      fail(path, "objects and arrays are nested more than " + std::to_string(kSuiteDepthMax) +
                     " deep; no suite file needs that");
    }
    levels_.push_back({.is_array = is_array, .path = std::move(path), .index = 0, .key = {}});
    return true;
  }

  bool leave() {
    levels_.pop_back();
    return true;
  }

  bool see_value() {
    if (!levels_.empty()) ++levels_.back().index;
    return true;
  }

  std::string next_path() {
    auto& level = levels_.back();
    const std::size_t index = level.index++;
    return level.path + (level.is_array ? "[" + std::to_string(index) + "]" : "." + level.key);
  }

  bool see_key(const std::string& key) {
    auto& level = levels_.back();
    level.key = key;
    if (level.keys.insert(key).second) return true;
    fail(level.path, "the key \"" + key + "\" stands twice in one object");
  }

  [[noreturn]] void fail(const std::string& path, const std::string& message) const {
    throw BadSuite{{file_, path, message}};
  }

  const std::string& file_;
  std::vector<Level> levels_;
};

}  // namespace

Json parse_suite_json(std::string_view text, const std::string& file) {
  // The JSON library would skip one in silence.
  if (begins_with_byte_order_mark(text)) {
    throw BadSuite{{file, "$", std::string(kByteOrderMarkRefused)}};
  }
  if (const auto at = text.find('\0'); at != std::string_view::npos) {
    throw BadSuite{{file, "$",
                    "byte " + std::to_string(at) +
                        " of the file is NUL; JSON is text, and has none (in a string: \\u0000)"}};
  }
  Watch watch(file);
  try {
    Json::sax_parse(text, &watch);
    return Json::parse(text);
  } catch (const Json::parse_error& error) {
    throw BadSuite{{file, "$", std::string("not JSON: ") + error.what()}};
  } catch (const Json::out_of_range& error) {
    throw BadSuite{{file, "$", std::string("a number is out of range: ") + error.what()}};
  }
}

}  // namespace framespec::conformance
