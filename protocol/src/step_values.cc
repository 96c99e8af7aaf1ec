#include "step_values.h"

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace framespec {

using nlohmann::json;

namespace {

/// Whether `size` bytes from `at` on are within the first `limit`.
bool fits(std::uint64_t at, std::uint64_t size, std::uint64_t limit) {
  return size <= limit && at <= limit - size;
}

step::Copy read_copy(const json& value, std::string path, std::uint64_t size, FirstError& error) {
  constexpr std::array<std::string_view, 3> kKeys{"from", "to", "size"};
  ObjectReader object(value, std::move(path), kKeys, error);
  const step::Copy copy{.from = count_of(object, "from"),
                        .to = count_of(object, "to"),
                        .size = count_of(object, "size")};
  if (error.is_set()) return copy;
  if (copy.size == 0) object.reject("size", "one byte at least");
  if (!fits(copy.to, copy.size, size)) {
    object.reject("to", "such that all of the copy lies in the " + std::to_string(size) +
                            " bytes that are sent");
  }
  if (!fits(copy.from, copy.size, step::kCopiedFromMax)) {
    object.reject("from", "such that all of the copy is of the first " +
                              std::to_string(step::kCopiedFromMax) + " bytes of the request");
  }
  return copy;
}

}  // namespace

std::uint64_t count_of(ObjectReader& object, const char* key) {
  return object.need(key, kCountRule) ? object.count(key).value_or(0) : 0;
}

ByteVector bytes_of(ObjectReader& object, const char* key) {
  if (!object.need(key, bytes_rule(0, kAnySize))) return {};
  return object.hex(key, kAnySize, 0).value_or(ByteVector{});
}

ByteVector bytes_or_text_of(ObjectReader& object, const char* key, const char* text_key) {
  if (!object.has(text_key)) return bytes_of(object, key);
  if (object.has(key)) object.reject(text_key, std::string("absent beside \"") + key + '"');
  const std::string text = object.text(text_key, kAnyText).value_or("");
  const Bytes bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

std::string text_of(ObjectReader& object, const char* key) {
  if (!object.need(key, kAnyText)) return {};
  return object.text(key, kAnyText).value_or("");
}

bool is_said(ObjectReader& object, const char* key) {
  return object.need(key, "true or false") && object.boolean(key).value_or(false);
}

std::vector<std::uint64_t> offsets_of(ObjectReader& object, const char* key, std::uint64_t last,
                                      FirstError& error) {
  const std::string allowed =
      "ascending whole numbers from 1 to " + std::to_string(last) + ", in digits";
  if (!object.need(key, "an array of " + allowed)) return {};
  const json& values = object.at(key);
  if (!values.is_array()) {
    object.reject(key, "an array of " + allowed);
    return {};
  }
  std::vector<std::uint64_t> offsets;
  offsets.reserve(values.size());
  for (const json& value : values) {
    const std::uint64_t before = offsets.empty() ? 0 : offsets.back();
    const bool is_right = value.is_number_unsigned() && value.get<std::uint64_t>() > before &&
                          value.get<std::uint64_t>() <= last;
    if (!is_right) {
      error.set(object.path(key) + "[" + std::to_string(offsets.size()) + "]",
                not_allowed(shown(value), allowed));
      return offsets;
    }
    offsets.push_back(value.get<std::uint64_t>());
  }
  return offsets;
}

std::vector<step::Stretch> stretches_of(ObjectReader& object, const char* key, std::uint64_t size,
                                        FirstError& error) {
  std::vector<step::Stretch> stretches;
  if (!object.has(key)) return stretches;
  const std::string allowed = "an array of [from, to], ascending and apart, from 0 to " +
                              std::to_string(size) + ", from below to";
  const json& values = object.at(key);
  if (!values.is_array()) object.reject(key, allowed);
  for (std::size_t i = 0; values.is_array() && i < values.size() && !error.is_set(); ++i) {
    const json& value = values[i];
    const bool is_pair = value.is_array() && value.size() == 2 && value[0].is_number_unsigned() &&
                         value[1].is_number_unsigned();
    const step::Stretch stretch =
        is_pair ? step::Stretch{value[0].get<std::uint64_t>(), value[1].get<std::uint64_t>()}
                : step::Stretch{};
    const std::uint64_t before = stretches.empty() ? 0 : stretches.back().to;
    if (stretch.from >= stretch.to || stretch.from < before || stretch.to > size) {
      error.set(object.path(key) + "[" + std::to_string(i) + "]",
                not_allowed(shown(value), allowed));
      return stretches;
    }
    stretches.push_back(stretch);
  }
  return stretches;
}

std::vector<std::string> texts_of(ObjectReader& object, const char* key, FirstError& error) {
  std::vector<std::string> texts;
  if (!object.has(key)) return texts;
  const json& values = object.at(key);
  if (!values.is_array()) object.reject(key, "an array of texts");
  for (std::size_t i = 0; values.is_array() && i < values.size(); ++i) {
    if (values[i].is_string()) {
      texts.push_back(values[i].get<std::string>());
    } else {
      error.set(object.path(key) + "[" + std::to_string(i) + "]",
                "must be text, not " + shown(values[i]));
    }
  }
  return texts;
}

step::ExpectedFrame read_frame(const json& value, std::string path, FirstError& error) {
  constexpr std::array<std::string_view, 3> kKeys{"lead", "filename", "payload"};
  ObjectReader object(value, std::move(path), kKeys, error);
  step::ExpectedFrame frame;
  if (error.is_set()) return frame;
  frame.payload = bytes_of(object, "payload");
  frame.lead = object.hex("lead", kAnySize).value_or(ByteVector{});
  frame.filename = object.text("filename", kAnyText).value_or("");
  return frame;
}

std::vector<step::Copy> copies_of(ObjectReader& object, std::uint64_t size, FirstError& error) {
  std::vector<step::Copy> copies;
  if (!object.has("copies")) return copies;
  const json& values = object.at("copies");
  if (!values.is_array()) object.reject("copies", "an array of objects");
  for (std::size_t i = 0; values.is_array() && i < values.size() && !error.is_set(); ++i) {
    copies.push_back(
        read_copy(values[i], object.path("copies") + "[" + std::to_string(i) + "]", size, error));
  }
  return copies;
}

Dialect dialect_of(ObjectReader& object, const char* key, FirstError& error) {
  const json& value = object.at(key);
  if (value.is_string()) {
    if (const Dialect* const shipped = find_dialect(value.get<std::string>())) return *shipped;
    object.reject(key, "the name of a shipped dialect, or the object of a dialect file");
    return {};
  }
  auto dialect = parse_dialect(value.dump(-1, ' ', true, json::error_handler_t::replace));
  if (dialect) return *std::move(dialect);
  error.set(object.path(key) + dialect.error().path.substr(1), dialect.error().message);
  return {};
}

}  // namespace framespec
