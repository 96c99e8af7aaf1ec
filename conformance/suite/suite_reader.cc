#include "suite/suite_reader.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace framespec::conformance {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

std::string shown(const nlohmann::ordered_json& json) {
  constexpr std::size_t kShownMax = 60;
  auto text = json.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
  if (text.size() > kShownMax) text = text.substr(0, kShownMax) + "…";
  return text;
}

}  // namespace

std::string did_you_mean(std::string_view word, std::initializer_list<std::string_view> names) {
  // A long foreign word costs as much as it is long, and is close to none of ours anyway.
  constexpr std::size_t kWordMax = 40;
  if (word.size() > kWordMax) return {};
  const auto best = std::ranges::min_element(
      names, {}, [&](std::string_view name) { return edit_distance(word, name); });
  if (best == names.end() ||
      edit_distance(word, *best) > std::max<std::size_t>(2, word.size() / 3)) {
    return {};
  }
  return " (did you mean \"" + std::string(*best) + "\"?)";
}

std::string listed(std::initializer_list<std::string_view> names) {
  std::string text;
  for (const auto* name = names.begin(); name != names.end(); ++name) {
    if (name != names.begin()) text += name + 1 == names.end() ? " and " : ", ";
    text += "\"" + std::string(*name) + "\"";
  }
  return text;
}

void SuiteNode::fail(const std::string& message) const {
  throw BadSuite{SuiteError{.file = file_, .path = path_, .message = message}};
}

void SuiteNode::allow_keys(std::initializer_list<std::string_view> keys) const {
  if (!json_->is_object())
    fail(shown(*json_) + " is not an object with keys among " + listed(keys));
  for (const auto& [key, unused] : json_->items()) {
    if (std::ranges::find(keys, std::string_view(key)) != keys.end()) continue;
    fail("there is no key \"" + key + "\" here" + did_you_mean(key, keys) + "; allowed are " +
         listed(keys));
  }
}

SuiteNode SuiteNode::at(const char* key) const {
  if (!json_->is_object()) fail(shown(*json_) + " is not an object");
  const auto member = json_->find(key);
  if (member == json_->end()) fail("the key \"" + std::string(key) + "\" is missing");
  return {*member, file_, path_ + "." + key};
}

SuiteNode SuiteNode::at(std::size_t index) const {
  return {json_->at(index), file_, path_ + "[" + std::to_string(index) + "]"};
}

std::size_t SuiteNode::count() const {
  if (!json_->is_array()) fail(shown(*json_) + " is not a list");
  return json_->size();
}

std::string SuiteNode::text() const {
  if (!json_->is_string()) fail(shown(*json_) + " is not a text");
  return json_->get<std::string>();
}

bool SuiteNode::boolean() const {
  if (!json_->is_boolean()) fail(shown(*json_) + " is neither true nor false");
  return json_->get<bool>();
}

std::optional<WideInteger> SuiteNode::whole_number() const {
  if (json_->is_number_unsigned()) return json_->get<std::uint64_t>();
  if (json_->is_number_integer()) return json_->get<std::int64_t>();
  if (!json_->is_number_float()) return std::nullopt;
  // Digits that no 64 bits hold are a double here too, rounded to one of these bounds or beyond.
  constexpr double kAbove = 0x1p64;
  constexpr double kBelow = -0x1p63;
  const auto value = json_->get<double>();
  if (value <= kBelow || value >= kAbove || std::trunc(value) != value) return std::nullopt;
  return static_cast<WideInteger>(value);
}

std::uint64_t SuiteNode::number(std::uint64_t smallest, std::uint64_t largest) const {
  const auto value = whole_number();
  if (value && *value >= WideInteger{smallest} && *value <= WideInteger{largest}) {
    return static_cast<std::uint64_t>(*value);
  }
  fail(shown(*json_) + " is not allowed; it must be a whole number from " +
       std::to_string(smallest) + " to " + std::to_string(largest));
}

std::size_t SuiteNode::one_of(std::initializer_list<std::string_view> names) const {
  const auto word = text();
  const auto* found = std::ranges::find(names, std::string_view(word));
  if (found == names.end()) {
    fail("\"" + word + "\" is not allowed" + did_you_mean(word, names) + "; it must be one of " +
         listed(names));
  }
  return static_cast<std::size_t>(found - names.begin());
}

}  // namespace framespec::conformance
