// Walks the JSON of a suite file and knows at every point where it is, for errors that can be acted
// on.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "suite/size_expression.h"
#include "suite/suite.h"

namespace framespec::conformance {

/// Ends the reading of a suite file. Never leaves SuiteSet, whose functions turn it into a value:
/// passing an error up by hand through every level of the file would hide what the file looks like.
struct BadSuite {
  SuiteError error;
};

/// One JSON value of a suite file, and the way to it.
class SuiteNode {
 public:
  SuiteNode(const nlohmann::ordered_json& json, std::string file, std::string path = "$")
      : json_(&json), file_(std::move(file)), path_(std::move(path)) {}

  [[noreturn]] void fail(const std::string& message) const;

  /// Fails unless this is an object whose keys are all among `keys`.
  void allow_keys(std::initializer_list<std::string_view> keys) const;

  [[nodiscard]] bool has(const char* key) const {
    return json_->is_object() && json_->contains(key);
  }
  [[nodiscard]] SuiteNode at(const char* key) const;  ///< fails when it is not there
  [[nodiscard]] SuiteNode at(std::size_t index) const;
  [[nodiscard]] std::size_t count() const;  ///< of an array; fails for anything else

  [[nodiscard]] bool is_string() const { return json_->is_string(); }
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool boolean() const;

  /// The value of a whole number, however it is written: 5, 5.0 and 5e0 are the same in JSON.
  /// Nothing for anything else, and for what does not fit in 64 bits.
  [[nodiscard]] std::optional<WideInteger> whole_number() const;

  /// A whole number from `smallest` to `largest`; fails for anything else.
  [[nodiscard]] std::uint64_t number(std::uint64_t smallest, std::uint64_t largest) const;

  /// The index in `names` of this text, or a failure that lists them.
  [[nodiscard]] std::size_t one_of(std::initializer_list<std::string_view> names) const;

  [[nodiscard]] const nlohmann::ordered_json& json() const noexcept { return *json_; }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }
  [[nodiscard]] const std::string& file() const noexcept { return file_; }

 private:
  const nlohmann::ordered_json* json_;
  std::string file_;
  std::string path_;
};

/// ` (did you mean "level"?)` when one of `names` is close to `word`, else nothing.
std::string did_you_mean(std::string_view word, std::initializer_list<std::string_view> names);

/// "a, b and c", each in quotes.
std::string listed(std::initializer_list<std::string_view> names);

}  // namespace framespec::conformance
