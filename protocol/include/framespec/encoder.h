// Frames to bytes (rules SND-3, HDR-12).
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "framespec/error.h"
#include "framespec/json_header.h"

namespace framespec {

/// What a frame carries besides its payload.
struct FrameMeta {
  Bytes lead = {};                 ///< instead of the dialect's own lead bytes
  std::string_view filename = {};  ///< for the JSON header
};

/// Appends one whole frame to `out`. In a dialect with a JSON header, md5 and total_size are those
/// of `payload`. On an error `out` is as it was; the error's offset is 0 and its kind one that a
/// deframer of this dialect would report, or kNotExpressible where no value of the length stands
/// for the size. A filename that is not valid UTF-8 is kHeaderEncoding.
std::expected<void, Error> append_frame(ByteVector& out, const Dialect& dialect, Bytes payload,
                                        const FrameMeta& meta = {});

/// Appends what comes before a payload that is sent in pieces: prefix, and `header` in a dialect
/// with a JSON header (ignored elsewhere). The sender then writes exactly `payload_size` bytes and
/// `dialect.trailer`. Errors are as above; a header.total_size that is not payload_size is
/// kHeaderBadValue too.
std::expected<void, Error> append_frame_head(ByteVector& out, const Dialect& dialect,
                                             std::uint64_t payload_size,
                                             const JsonHeader& header = {}, Bytes lead = {});

}  // namespace framespec
