// The bytes that a case describes as content: a text, a pattern, random bytes, an encoded frame.
#pragma once

#include <cstdint>
#include <expected>

#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "framespec/error.h"
#include "suite/suite_case.h"

namespace framespec::conformance {

/// The bytes of `content`, or why this dialect has none.
std::expected<ByteVector, NotFor> materialise(const Content& content, const Dialect& dialect);

/// The same as a payload: one that is not empty is filled up with dots to the dialect's minimum and
/// to the next size that its length can say, and a text is cut down to its maximum, so that one
/// case holds for every dialect.
std::expected<ByteVector, NotFor> legal_payload(const Content& content, const Dialect& dialect);

/// Of a frame that cannot be encoded. That a payload is too large is the choice of the dialect, or
/// of the user; a case that fails otherwise is lost.
NotFor frame_is_not_legal(const Error& error, std::uint64_t payload_size, const Dialect& dialect);

}  // namespace framespec::conformance
