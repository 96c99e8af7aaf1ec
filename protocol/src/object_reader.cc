#include "object_reader.h"

#include "framespec/hex.h"
#include "framespec/json_syntax.h"
#include "framespec/shortened.h"
#include "nearest_name.h"

namespace framespec {

using nlohmann::json;

std::string shown(const json& value) {
  if (value.is_object()) return "an object";
  if (value.is_array()) return "an array";
  constexpr std::size_t kValueShownMax = 40;
  return shortened(value.dump(-1, ' ', true, json::error_handler_t::replace), kValueShownMax);
}

std::string one_of(Names names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i != 0) text += i + 1 == names.size() ? " or " : ", ";
    text += '"';
    text += names[i];
    text += '"';
  }
  return text;
}

std::string bytes_rule(std::size_t size_min, std::size_t size_max) {
  std::string count = "bytes, ";
  if (size_max != kAnySize) {
    count = std::to_string(size_min) + " to " + std::to_string(size_max) + " " + count;
  }
  return count + std::string(kHexRule);
}

ObjectReader::ObjectReader(const json& value, std::string path, Names keys, FirstError& error)
    : path_(std::move(path)), error_(error) {
  if (!value.is_object()) {
    error_.set(path_, not_allowed(shown(value), "an object"));
    return;
  }
  object_ = &value;
  for (const auto& [key, member] : value.items()) check_key(key, keys);
}

std::string ObjectReader::path(const char* key) const { return member_path(path_, key); }

bool ObjectReader::need(const char* key, std::string_view allowed) {
  if (has(key)) return true;
  error_.set(path(key), "is missing; it must be " + std::string(allowed));
  return false;
}

void ObjectReader::reject(const char* key, std::string_view allowed) {
  error_.set(path(key), not_allowed(shown(at(key)), allowed));
}

std::optional<std::string> ObjectReader::text(const char* key, std::string_view allowed) {
  if (!has(key)) return std::nullopt;
  if (at(key).is_string()) return at(key).get<std::string>();
  reject(key, allowed);
  return std::nullopt;
}

std::optional<bool> ObjectReader::boolean(const char* key) {
  if (!has(key)) return std::nullopt;
  if (at(key).is_boolean()) return at(key).get<bool>();
  reject(key, "true or false");
  return std::nullopt;
}

std::optional<std::int64_t> ObjectReader::number(const char* key, const WholeNumberRange& range) {
  if (!has(key)) return std::nullopt;
  const json& value = at(key);
  const bool fits = value.is_number_unsigned()
                        ? value.get<std::uint64_t>() <= static_cast<std::uint64_t>(range.max)
                        : value.is_number_integer();
  if (fits && value.get<std::int64_t>() >= range.min && value.get<std::int64_t>() <= range.max) {
    return value.get<std::int64_t>();
  }
  reject(key, describe(range));
  return std::nullopt;
}

std::optional<std::uint64_t> ObjectReader::count(const char* key) {
  if (!has(key)) return std::nullopt;
  if (at(key).is_number_unsigned()) return at(key).get<std::uint64_t>();
  reject(key, kCountRule);
  return std::nullopt;
}

std::optional<std::size_t> ObjectReader::choice(const char* key, Names names) {
  if (!has(key)) return std::nullopt;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (at(key) == names[i]) return i;
  }
  reject(key, one_of(names));
  return std::nullopt;
}

std::optional<ByteVector> ObjectReader::hex(const char* key, std::size_t size_max,
                                            std::size_t size_min) {
  if (!has(key)) return std::nullopt;
  const std::string allowed = bytes_rule(size_min, size_max);
  const auto digits = text(key, allowed);
  if (!digits) return std::nullopt;
  auto bytes = read_hex(*digits);
  if (!bytes) {
    error_.set(path(key), shown(at(key)) + " is not allowed, " + bytes.error().message +
                              "; it must be " + allowed);
    return std::nullopt;
  }
  if (bytes->size() >= size_min && bytes->size() <= size_max) return *std::move(bytes);
  reject(key, allowed);
  return std::nullopt;
}

void ObjectReader::check_key(const std::string& key, Names keys) {
  for (const std::string_view known : keys) {
    if (key == known) return;
  }
  const std::string_view nearest = nearest_name(key, keys);
  std::string message = "is not a known key";
  message += nearest.empty() ? "." : "; did you mean \"" + std::string(nearest) + "\"?";
  error_.set(member_path(path_, key), message + " The keys here are " + join_names(keys));
}

}  // namespace framespec
