// Reads the objects of a JSON file: every key is known, every value what it must be, or the first
// thing that is wrong is told with its place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "dialect_ranges.h"
#include "framespec/bytes.h"

namespace framespec {

using Names = std::span<const std::string_view>;

/// What is wrong in a file, and where.
struct ValueError {
  std::string path;  ///< a JSON path such as "$.length.width"
  std::string message;
};

/// The first thing that is wrong; what comes later may only follow from it.
class FirstError {
 public:
  void set(std::string path, std::string message) {
    if (!error_) error_ = {.path = std::move(path), .message = std::move(message)};
  }
  bool is_set() const { return error_.has_value(); }
  ValueError take() { return *std::move(error_); }

 private:
  std::optional<ValueError> error_;
};

/// A value in a few characters, for messages.
std::string shown(const nlohmann::json& value);

/// "a", "b" or "c", each in quotes.
std::string one_of(Names names);

/// For bytes whose number only the file's own size limits.
inline constexpr std::size_t kAnySize = std::numeric_limits<std::size_t>::max();

/// What a value of `size_min` to `size_max` bytes in hexadecimal must be, for messages.
std::string bytes_rule(std::size_t size_min, std::size_t size_max);

/// What ObjectReader::count() reads, for messages.
inline constexpr std::string_view kCountRule =
    "a whole number from 0 to 18446744073709551615, in digits";

/// One object of the file. A value that is missing or wrong is reported and read as nothing. The
/// object, the keys and the error must outlive it.
class ObjectReader {
 public:
  ObjectReader(const nlohmann::json& value, std::string path, Names keys, FirstError& error);

  bool has(const char* key) const { return object_ != nullptr && object_->contains(key); }
  const nlohmann::json& at(const char* key) const { return object_->at(key); }
  std::string path(const char* key) const;

  bool need(const char* key, std::string_view allowed);
  void reject(const char* key, std::string_view allowed);

  std::optional<std::string> text(const char* key, std::string_view allowed);
  std::optional<bool> boolean(const char* key);
  std::optional<std::int64_t> number(const char* key, const WholeNumberRange& range);

  /// A number of anything: what kCountRule says.
  std::optional<std::uint64_t> count(const char* key);

  /// The index in `names` of the one that is there.
  std::optional<std::size_t> choice(const char* key, Names names);

  std::optional<ByteVector> hex(const char* key, std::size_t size_max, std::size_t size_min = 1);

 private:
  void check_key(const std::string& key, Names keys);

  const nlohmann::json* object_ = nullptr;
  std::string path_;
  FirstError& error_;
};

}  // namespace framespec
