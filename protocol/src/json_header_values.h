// The three values of a JSON header: which they are, and what is allowed of each (HDR-4, HDR-6 to
// HDR-8).
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string_view>

#include "framespec/json_header.h"

namespace framespec {

/// A value as it stands in the text, and for a string what it means.
struct JsonValue {
  enum class Type : std::uint8_t { kString, kNumber, kOther };
  Type type = Type::kOther;
  std::size_t position = 0;
  std::string_view token;   ///< a number's characters
  std::string_view string;  ///< a known key's string, escapes decoded
};

inline constexpr std::string_view kFilenameKey = "filename";
inline constexpr std::string_view kMd5Key = "md5";
inline constexpr std::string_view kTotalSizeKey = "total_size";

/// What a key of the header's object stands for.
enum class HeaderKey : std::uint8_t { kNone, kFilename, kMd5, kTotalSize };

/// What `key` of the header's own object stands for; kNone if it is not one of ours.
constexpr HeaderKey header_key(std::string_view key) noexcept {
  if (key == kFilenameKey) return HeaderKey::kFilename;
  if (key == kMd5Key) return HeaderKey::kMd5;
  if (key == kTotalSizeKey) return HeaderKey::kTotalSize;
  return HeaderKey::kNone;
}

/// Takes the values of a header as they are read. An error of a value counts only if the form is
/// right to the end, and so is kept till take().
class JsonHeaderValues {
 public:
  explicit JsonHeaderValues(std::uint64_t total_size_max) : total_size_max_(total_size_max) {}

  /// A value of the header's object; that of kNone is nothing.
  void note(HeaderKey key, const JsonValue& value);

  /// The header; or the first error of a value; or that a key is missing, which is known at the end
  /// of the text.
  std::expected<JsonHeader, JsonHeaderError> take(std::size_t text_size) &&;

 private:
  void note_filename(const JsonValue& value);
  void note_md5(const JsonValue& value);
  void note_total_size(const JsonValue& value);
  void bad_value(const JsonValue& value, std::string_view what);
  void note_error(ErrorKind kind, const JsonValue& value, std::string_view what);

  std::uint64_t total_size_max_;
  JsonHeader header_;
  bool has_filename_ = false;
  bool has_md5_ = false;
  bool has_total_size_ = false;
  std::optional<JsonHeaderError> error_;  // the first
};

}  // namespace framespec
