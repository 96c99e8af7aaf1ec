// What can be wrong with a stream of frames, and where (SPEC.md, rules ERR-1 to ERR-3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace framespec {

/// The kinds of error, one for each way in which a frame can break a rule of SPEC.md.
enum class ErrorKind : std::uint8_t {
  kBadLead,             ///< a fixed byte before the length is wrong (PFX-1)
  kBadVarint,           ///< a varint does not end, exceeds 64 bits, or is too long (PFX-6, PFX-10)
  kNegativeLength,      ///< the length is below zero (PFX-4)
  kLengthUnderflow,     ///< the length is less than what it must itself include (PFX-8)
  kZeroLength,          ///< an empty payload where the dialect has none (LIM-6)
  kTooSmall,            ///< a payload below the dialect's minimum (LIM-5)
  kTooLarge,            ///< a payload above the limit (LIM-1)
  kHeaderTooLarge,      ///< a JSON header above its own limit (HDR-11)
  kHeaderSyntax,        ///< not exactly one JSON object (HDR-2)
  kHeaderEncoding,      ///< invalid UTF-8 or a byte order mark (HDR-3)
  kHeaderTooDeep,       ///< nesting above the limit (HDR-10)
  kHeaderDuplicateKey,  ///< a key twice in one object (HDR-5)
  kHeaderMissingKey,    ///< filename, md5 or total_size is not there (HDR-4)
  kHeaderBadValue,      ///< a known key whose value is not as it must be (HDR-6 to HDR-8)
  kDigestMismatch,      ///< the payload is not what md5 says (HDR-9)
  kBadTrailer,          ///< a trailer byte is wrong (TRL-1)
  kTruncated,           ///< the stream ended inside a frame (EOS-2)
  kNotExpressible,      ///< encoders only: no length says this payload size (SND-3)
};

/// The name of a kind as reports, suites and logs write it, such as "negative_length".
std::string_view name_of(ErrorKind kind) noexcept;

/// The rule of SPEC.md that a stream with such an error breaks, such as "PFX-4"; where one of
/// several may be broken, the first of them.
std::string_view rule_of(ErrorKind kind) noexcept;

/// The kind that `name` names, or nothing.
std::optional<ErrorKind> error_kind_named(std::string_view name) noexcept;

/// Why a stream was rejected.
///
/// `kind`, `offset` and `detail` are the same under every segmentation of the stream (SEG-1).
struct Error {
  ErrorKind kind{};
  /// Bytes from the start of the stream to the first byte of the field that is wrong; for a lead or
  /// a trailer to the wrong byte itself; for kTruncated the length of the whole stream (ERR-2).
  std::uint64_t offset = 0;
  /// A sentence for people: what was found and what is allowed. Plain ASCII, bounded in length; the
  /// digits of a total_size are as they came, and of more than 512 the first 512 (HDR-7).
  std::string detail;

  bool operator==(const Error&) const = default;
};

/// "negative_length at byte 12: the length is -1; ...": an error on one line.
std::string to_string(const Error& error);

}  // namespace framespec
