#include "report/json_fields.h"

#include <fmt/format.h>

#include "framespec/hex.h"
#include "framespec/json_syntax.h"
#include "framespec/printable.h"
#include "framespec/shortened.h"

namespace framespec::conformance {
namespace {

constexpr std::size_t kValueShownMax = 40;

using Json = JsonFields::Json;

std::string shown(const Json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "an array";
  return shortened(value.dump(-1, ' ', true, Json::error_handler_t::replace), kValueShownMax);
}

std::string lines_shown(std::string_view text) {
  std::string all;
  for (;;) {
    const std::size_t end = text.find('\n');
    all += printable(text.substr(0, end));
    if (end == std::string_view::npos) return all;
    all += '\n';
    text.remove_prefix(end + 1);
  }
}

template <typename Value>
std::vector<Value> elements_of(const JsonFields& fields, const char* key, std::string_view allowed,
                               bool (Json::*is_one)() const noexcept) {
  const Json& values = fields.at(key);
  if (!values.is_array()) fields.reject(key, allowed);
  std::vector<Value> all;
  all.reserve(values.size());
  for (const Json& value : values) {
    if (!(value.*is_one)()) fields.reject(key, allowed);
    all.push_back(value.get<Value>());
  }
  return all;
}

}  // namespace

JsonFields::JsonFields(const Json& json, std::string path) : json_(json), path_(std::move(path)) {
  if (!json.is_object()) {
    throw WrongMember{
        .path = path_,
        .message = fmt::format("{} is not allowed; it must be an object", shown(json))};
  }
}

const Json& JsonFields::at(const char* key) const {
  const auto found = json_.find(key);
  if (found == json_.end()) throw WrongMember{.path = path(key), .message = "is missing"};
  return *found;
}

std::string JsonFields::path(const char* key) const { return member_path(path_, key); }

void JsonFields::reject(const char* key, std::string_view allowed) const {
  throw WrongMember{
      .path = path(key),
      .message = fmt::format("{} is not allowed; it must be {}", shown(at(key)), allowed)};
}

std::string JsonFields::text(const char* key) const {
  if (!at(key).is_string()) reject(key, "a string");
  return at(key).get<std::string>();
}

std::string JsonFields::plain_text(const char* key) const { return lines_shown(text(key)); }

std::string JsonFields::text_if_any(const char* key) const {
  return has(key) ? text(key) : std::string();
}

bool JsonFields::flag(const char* key) const {
  if (!at(key).is_boolean()) reject(key, "true or false");
  return at(key).get<bool>();
}

std::uint64_t JsonFields::count(const char* key, std::uint64_t max) const {
  const Json& value = at(key);
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() > max) {
    reject(key, fmt::format("a whole number from 0 to {}", max));
  }
  return value.get<std::uint64_t>();
}

std::int64_t JsonFields::number(const char* key, std::int64_t min, std::int64_t max) const {
  const Json& value = at(key);
  const bool fits = value.is_number_unsigned()
                        ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(max)
                        : value.is_number_integer();
  if (!fits || value.get<std::int64_t>() < min || value.get<std::int64_t>() > max) {
    reject(key, fmt::format("a whole number from {} to {}", min, max));
  }
  return value.get<std::int64_t>();
}

ByteVector JsonFields::hex(const char* key) const {
  auto bytes = read_hex(text(key));
  if (!bytes) reject(key, fmt::format("bytes, {}", kHexRule));
  return *std::move(bytes);
}

std::vector<std::string> JsonFields::texts(const char* key) const {
  return elements_of<std::string>(*this, key, "an array of strings", &Json::is_string);
}

std::vector<std::string> JsonFields::plain_texts(const char* key) const {
  std::vector<std::string> all = texts(key);
  for (std::string& text : all) text = lines_shown(text);
  return all;
}

std::vector<std::uint64_t> JsonFields::counts(const char* key) const {
  return elements_of<std::uint64_t>(*this, key, "an array of whole numbers",
                                    &Json::is_number_unsigned);
}

std::vector<JsonFields> JsonFields::objects(const char* key) const {
  const Json& values = at(key);
  if (!values.is_array()) reject(key, "an array of objects");
  std::vector<JsonFields> all;
  all.reserve(values.size());
  for (std::size_t index = 0; index < values.size(); ++index) {
    all.emplace_back(values[index], fmt::format("{}[{}]", path(key), index));
  }
  return all;
}

}  // namespace framespec::conformance
