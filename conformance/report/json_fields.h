// Reads the members of JSON objects that a later version may have written: what is known must be as
// it is known, and what is not known is passed over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framespec/bytes.h"

namespace framespec::conformance {

/// Thrown at the first member that is missing or wrong, and caught by whoever reads the whole: no
/// error of an interface.
struct WrongMember {
  std::string path;
  std::string message;
};

/// One object. It, and the names given to it, must outlive this.
class JsonFields {
 public:
  using Json = nlohmann::ordered_json;

  /// Throws where `json` is no object. `path` is its own: "$.proof".
  JsonFields(const Json& json, std::string path);

  [[nodiscard]] bool has(const char* key) const { return json_.contains(key); }
  [[nodiscard]] bool is_null(const char* key) const { return at(key).is_null(); }
  [[nodiscard]] const Json& at(const char* key) const;
  [[nodiscard]] std::string path(const char* key) const;

  [[nodiscard]] std::string text(const char* key) const;
  /// As a terminal may show it: each line by printable().
  [[nodiscard]] std::string plain_text(const char* key) const;
  /// Empty where it is not there.
  [[nodiscard]] std::string text_if_any(const char* key) const;
  [[nodiscard]] bool flag(const char* key) const;
  /// False where it is not there.
  [[nodiscard]] bool flag_if_any(const char* key) const { return has(key) && flag(key); }
  [[nodiscard]] std::uint64_t count(
      const char* key, std::uint64_t max = std::numeric_limits<std::uint64_t>::max()) const;
  /// Nothing where it is not there.
  [[nodiscard]] std::optional<std::uint64_t> count_if_any(const char* key) const {
    return has(key) ? std::optional(count(key)) : std::nullopt;
  }
  [[nodiscard]] std::int64_t number(const char* key, std::int64_t min, std::int64_t max) const;
  [[nodiscard]] ByteVector hex(const char* key) const;
  [[nodiscard]] std::vector<std::string> texts(const char* key) const;
  [[nodiscard]] std::vector<std::string> plain_texts(const char* key) const;
  [[nodiscard]] std::vector<std::uint64_t> counts(const char* key) const;
  [[nodiscard]] JsonFields object(const char* key) const { return {at(key), path(key)}; }
  /// The elements of an array of objects.
  [[nodiscard]] std::vector<JsonFields> objects(const char* key) const;

  template <typename Duration>
  [[nodiscard]] Duration time(const char* key) const {
    // Ten years, in whatever unit: sums must not overflow.
    constexpr Duration kMax = std::chrono::hours{10 * 365 * 24};
    return Duration(number(key, 0, kMax.count()));
  }
  template <typename Duration>
  [[nodiscard]] std::optional<Duration> time_or_null(const char* key) const {
    if (is_null(key)) return std::nullopt;
    return time<Duration>(key);
  }

  /// The value of an enumeration with `count` values from 0, by the name that name_of() gives it.
  template <typename Enum>
  [[nodiscard]] Enum choice(const char* key, std::size_t count) const {
    const std::string name = text(key);
    for (std::size_t index = 0; index < count; ++index) {
      if (name == name_of(static_cast<Enum>(index))) return static_cast<Enum>(index);
    }
    reject(key, "one of the words that are known for it");
  }

  /// Throws: the member is not `allowed`.
  [[noreturn]] void reject(const char* key, std::string_view allowed) const;

 private:
  const Json& json_;
  std::string path_;
};

}  // namespace framespec::conformance
