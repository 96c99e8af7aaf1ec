#include "json_header_values.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "digit.h"
#include "framespec/shortened.h"
#include "json_header_error.h"

namespace framespec {
namespace {

constexpr std::size_t kMd5DigitCount = 32;
// A size is told digit by digit (HDR-7), unless its digits fill the header.
constexpr std::size_t kTokenShownMax = 512;

}  // namespace

void JsonHeaderValues::note(HeaderKey key, const JsonValue& value) {
  switch (key) {
    case HeaderKey::kNone:
      return;
    case HeaderKey::kFilename:
      has_filename_ = true;
      return note_filename(value);
    case HeaderKey::kMd5:
      has_md5_ = true;
      return note_md5(value);
    case HeaderKey::kTotalSize:
      has_total_size_ = true;
      return note_total_size(value);
  }
}

std::expected<JsonHeader, JsonHeaderError> JsonHeaderValues::take(std::size_t text_size) && {
  if (error_) return std::unexpected(*std::move(error_));
  const std::string_view missing = !has_filename_     ? kFilenameKey
                                   : !has_md5_        ? kMd5Key
                                   : !has_total_size_ ? kTotalSizeKey
                                                      : std::string_view();
  if (!missing.empty()) {
    return std::unexpected(JsonHeaderError{ErrorKind::kHeaderMissingKey, text_size,
                                           "the header has no " + std::string(missing)});
  }
  return std::move(header_);
}

void JsonHeaderValues::note_filename(const JsonValue& value) {
  if (value.type != JsonValue::Type::kString) return bad_value(value, "filename must be a string");
  if (!is_safe_filename(value.string)) {
    return bad_value(value, "filename must have at most 255 bytes and no '/', '\\', NUL or '..'");
  }
  header_.filename = value.string;
}

void JsonHeaderValues::note_md5(const JsonValue& value) {
  if (value.type != JsonValue::Type::kString || value.string.size() != kMd5DigitCount ||
      !std::ranges::all_of(value.string, is_hex_digit)) {
    return bad_value(value, "md5 must be a string of 32 hexadecimal digits");
  }
  header_.md5 = value.string;
  for (char& digit : header_.md5) digit = lower_hex_digit(digit);
}

void JsonHeaderValues::note_total_size(const JsonValue& value) {
  if (value.type != JsonValue::Type::kNumber || !std::ranges::all_of(value.token, is_digit)) {
    return bad_value(value, "total_size must be a number written in digits alone");
  }
  const char* const end = value.token.data() + value.token.size();
  const auto [_, overflow] = std::from_chars(value.token.data(), end, header_.total_size);
  if (overflow != std::errc() || header_.total_size > total_size_max_) {
    note_error(ErrorKind::kTooLarge, value,
               "total_size is " + shortened(value.token, kTokenShownMax) + "; at most " +
                   std::to_string(total_size_max_) + " is allowed");
  }
}

void JsonHeaderValues::bad_value(const JsonValue& value, std::string_view what) {
  note_error(ErrorKind::kHeaderBadValue, value, what);
}

void JsonHeaderValues::note_error(ErrorKind kind, const JsonValue& value, std::string_view what) {
  if (!error_) error_ = json_header_error(value.position, kind, what);
}

}  // namespace framespec
