// The bytes that a case describes as content: a text, a pattern, random bytes, an encoded frame.
#pragma once

#include <expected>
#include <string>

#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "suite/suite_case.h"

namespace framespec::conformance {

/// The bytes of `content`, or why this dialect has none.
std::expected<ByteVector, std::string> materialise(const Content& content, const Dialect& dialect);

/// The same as a payload: one that is not empty is filled up with dots to the dialect's minimum and
/// to the next size that its length can say, so that one case holds for every dialect.
std::expected<ByteVector, std::string> legal_payload(const Content& content,
                                                     const Dialect& dialect);

}  // namespace framespec::conformance
