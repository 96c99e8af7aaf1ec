// A dialect: how a frame looks on the wire, described as data (SPEC.md, "Dialects").
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "framespec/bytes.h"

namespace framespec {

enum class ByteOrder : std::uint8_t { kBig, kLittle };
enum class LengthEncoding : std::uint8_t { kFixed, kVarint };
enum class ZeroRule : std::uint8_t { kLegal, kIllegal };
enum class HeaderKind : std::uint8_t { kNone, kJson };
enum class RequestFraming : std::uint8_t { kFramed, kRaw };

/// Most bytes before the length that a dialect may have.
inline constexpr std::size_t kLeadSizeMax = 16;
/// Most bytes that a length can take: a varint of 64 bits.
inline constexpr std::size_t kLengthSizeMax = 10;
/// Most bytes that a trailer can take.
inline constexpr std::size_t kTrailerSizeMax = 16;
/// The largest payload any dialect can announce: lengths stay within a signed 64-bit integer.
inline constexpr std::uint64_t kPayloadSizeMax = std::numeric_limits<std::int64_t>::max();

/// How the length is written, and what it counts (rules PFX-2 to PFX-8, PFX-10).
struct LengthField {
  LengthEncoding encoding = LengthEncoding::kFixed;
  /// Bytes: 1 to 8 for kFixed; for kVarint the most that are read, 1 to 10.
  std::uint8_t width = 4;
  ByteOrder order = ByteOrder::kBig;
  bool is_signed = false;
  /// A varint that has more bytes than its value needs is an error (PFX-10). Only for kVarint.
  bool is_shortest = false;
  /// counted bytes = length * unit + adjustment, where the counted bytes are the payload, or the
  /// JSON header. A length that includes its own four bytes has adjustment -4.
  std::int64_t adjustment = 0;
  std::uint32_t unit = 1;
  /// How many of the highest values are no lengths but say something else in their protocol: no
  /// payload's size is written as one.
  std::uint32_t reserved = 0;

  /// Whether `length` is one of the reserved values.
  bool is_reserved(std::uint64_t length) const noexcept;

  bool operator==(const LengthField&) const = default;
};

/// What is wrong with a dialect, or with the file that it should come from.
struct DialectError {
  /// Where: a JSON path such as "$.length.width", "$" for the whole; empty if nothing was read.
  std::string path;
  std::string message;  ///< what was found, and what is allowed
  /// The dialect file, where one was read. (Initialized, so that it may be left out of braces.)
  std::string file = {};  // NOLINT(readability-redundant-member-init): as said above
};

/// A frame format. Plain data: copy it, change a limit, use it.
///
///     lead | length | JSON header | payload | trailer      (lead, header, trailer: if any)
struct Dialect {
  std::string name;
  std::string description;

  /// The bytes before the length: `lead` is what a sender writes. A received byte b is right when
  /// (b ^ lead[i]) & lead_mask[i] == 0, so a mask of 00 lets any value pass (PFX-1).
  ByteVector lead;
  ByteVector lead_mask;

  LengthField length;

  /// Limits of the payload in bytes, both inclusive (LIM-1, LIM-5). An empty payload is judged by
  /// `zero` alone (LIM-4, LIM-6).
  std::uint64_t payload_size_min = 0;
  std::uint64_t payload_size_max = kPayloadSizeMax;
  ZeroRule zero = ZeroRule::kLegal;

  HeaderKind header = HeaderKind::kNone;
  /// Limits of the JSON header: bytes (HDR-11) and nested objects or arrays (HDR-10).
  std::uint32_t header_size_max = 64 * 1024;
  std::uint32_t header_depth_max = 16;

  ByteVector trailer;

  /// Whether requests are framed too; the article's are not, only its replies (CON-8).
  RequestFraming requests = RequestFraming::kFramed;

  /// Bytes of a fixed-width prefix; the most bytes of a varint one.
  std::size_t prefix_size_max() const noexcept { return lead.size() + length.width; }

  /// The smallest legal payload size of at least `size` bytes, 0 aside, that the length can
  /// express: with an adjustment or a unit that may be well above payload_size_min. Nothing where
  /// that is above the maximum. Precondition: consistent.
  std::optional<std::uint64_t> legal_payload_size(std::uint64_t size) const noexcept;

  /// The same dialect with a payload limit of at most `size` bytes: a limit is only ever lowered.
  /// An error if that is below what the dialect needs, so that no payload would be legal.
  std::expected<Dialect, DialectError> with_payload_limit(std::uint64_t size) const;

  bool operator==(const Dialect&) const = default;
};

/// "my.json: $.length.width: 9 is not allowed; ...": an error on one line, of bounded size.
std::string to_string(const DialectError& error);

/// Largest dialect file that is read.
inline constexpr std::size_t kDialectFileSizeMax = std::size_t{1} << 20;

/// Whether the parts of a dialect are within their ranges and fit together: whether some payload is
/// legal, the limits can be written in the length field, and so on. Every dialect that
/// parse_dialect gives is consistent; one that was put together in code may be asked.
std::expected<void, DialectError> check_consistency(const Dialect& dialect);

/// Reads a dialect from the text of a dialect file (protocol/dialects/dialect.schema.json).
/// Unknown keys are errors: a typing mistake must not silently select a default. A maximum that is
/// left out is the largest that the length can express; zero is then legal if it can be expressed.
std::expected<Dialect, DialectError> parse_dialect(std::string_view json_text);

/// Whether append_frame can write a frame of `payload_size` bytes with this file name: the JSON
/// header that the library writes has blanks, and may be longer than the shortest, which a
/// dialect's own limit must only allow (HDR-11). A program that writes frames asks before it
/// begins. Always so without a JSON header. Errors name $.header.maximum, and the size that is
/// enough.
std::expected<void, DialectError> check_header_room(const Dialect& dialect,
                                                    std::string_view filename,
                                                    std::uint64_t payload_size);

/// The dialect as a dialect file that parse_dialect reads back to the same dialect, if it is
/// consistent.
std::string to_json(const Dialect& dialect);

/// The dialects that come with the library: the seven of SPEC.md first (int32, int64, json,
/// int32be, int64be, uint16be, varint), then the real protocols, by name. Valid for ever.
std::span<const Dialect> shipped_dialects();

/// A shipped dialect by name, or null. Valid for ever.
const Dialect* find_dialect(std::string_view name);

/// The shipped dialect called `name_or_path`, else the one in the file of that path. A directory or
/// a pipe (FIFO) is an error at once. This is the only function of the library that reads a file.
std::expected<Dialect, DialectError> load_dialect(const std::string& name_or_path);

}  // namespace framespec
