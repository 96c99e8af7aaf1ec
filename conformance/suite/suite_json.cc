#include "suite/suite_json.h"

#include <set>
#include <vector>

#include "framespec/byte_order_mark.h"
#include "suite/suite_reader.h"

namespace framespec::conformance {
namespace {

using Json = nlohmann::ordered_json;

/// Follows the parser through the text, knowing where it is.
class Watch {
 public:
  explicit Watch(const std::string& file) : file_(file) {}

  void see(Json::parse_event_t event, const Json& parsed) {
    switch (event) {
      case Json::parse_event_t::object_start:
      case Json::parse_event_t::array_start:
        return enter(event == Json::parse_event_t::array_start);
      case Json::parse_event_t::object_end:
      case Json::parse_event_t::array_end:
        return levels_.pop_back();
      case Json::parse_event_t::key:
        return see_key(parsed.get_ref<const std::string&>());
      case Json::parse_event_t::value:
        if (!levels_.empty()) static_cast<void>(next_path());
    }
  }

 private:
  struct Level {
    bool is_array = false;
    std::string path;
    std::size_t index = 0;  // of an array's next element
    std::string key;        // of an object's last member
    std::set<std::string> keys{};
  };

  void enter(bool is_array) {
    auto path = levels_.empty() ? "$" : next_path();
    if (levels_.size() == kSuiteDepthMax) {
      fail(path, "objects and arrays are nested more than " + std::to_string(kSuiteDepthMax) +
                     " deep; no suite file needs that");
    }
    levels_.push_back({.is_array = is_array, .path = std::move(path), .index = 0, .key = {}});
  }

  std::string next_path() {
    auto& level = levels_.back();
    return level.path +
           (level.is_array ? "[" + std::to_string(level.index++) + "]" : "." + level.key);
  }

  void see_key(const std::string& key) {
    auto& level = levels_.back();
    level.key = key;
    if (level.keys.insert(key).second) return;
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
    return Json::parse(text, [&](int, Json::parse_event_t event, const Json& parsed) {
      watch.see(event, parsed);
      return true;
    });
  } catch (const Json::parse_error& error) {
    throw BadSuite{{file, "$", std::string("not JSON: ") + error.what()}};
  } catch (const Json::out_of_range& error) {
    throw BadSuite{{file, "$", std::string("a number is out of range: ") + error.what()}};
  }
}

}  // namespace framespec::conformance
