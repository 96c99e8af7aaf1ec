// The JSON header of the `json` dialect: {filename, md5, total_size} (SPEC.md, rules HDR-1 to
// HDR-12).
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "framespec/error.h"

namespace framespec {

/// The header of one frame.
struct JsonHeader {
  std::string filename;  ///< at most 255 bytes of UTF-8; no separator, NUL or ".." (HDR-8)
  std::string md5;       ///< 32 hexadecimal digits, lower case here whatever the sender wrote
  std::uint64_t total_size = 0;  ///< bytes of the payload

  bool operator==(const JsonHeader&) const = default;
};

/// What is allowed of a header.
struct JsonHeaderLimits {
  std::uint64_t total_size_max = UINT64_MAX;  ///< inclusive (LIM-1)
  std::uint32_t depth_max = 16;               ///< nested objects and arrays (HDR-10)
};

/// Heap memory that a header of n bytes costs at most while it is gathered from its pieces and
/// read, whatever it looks like and whatever the limits are: kHeaderHeapPerByte * n +
/// kHeaderHeapFixed bytes. Most headers cost less than twice their size (LIM-3).
inline constexpr std::size_t kHeaderHeapPerByte = 24;
inline constexpr std::size_t kHeaderHeapFixed = 4096;

/// What is wrong with a header, and where in it.
struct JsonHeaderError {
  ErrorKind kind{};
  std::size_t position = 0;  ///< bytes from the start of the header
  std::string detail;        ///< a sentence that names the position too
};

/// Reads the text of a header strictly, in one pass, without building a document.
///
/// The text must be exactly one JSON object (RFC 8259) in UTF-8; unknown keys are checked and
/// skipped. Time is linear in the text (but for the duplicate check of very wide objects, which is
/// n log n); memory is bounded by the text (kHeaderHeapPerByte).
std::expected<JsonHeader, JsonHeaderError> parse_json_header(std::string_view text,
                                                             const JsonHeaderLimits& limits = {});

/// The header as the article's json.dumps writes it: ", " and ": " between parts, ASCII only.
/// Precondition: `header.filename` is valid UTF-8 (else the bytes that are not are written as
/// U+FFFD).
std::string encode_json_header(const JsonHeader& header);

/// Whether `name` may stand in a header: valid UTF-8 (HDR-3), and safe (HDR-8).
bool is_safe_filename(std::string_view name) noexcept;

}  // namespace framespec
