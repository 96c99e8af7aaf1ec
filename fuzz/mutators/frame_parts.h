// A stream taken apart into frames, so that they can be changed one by one and put together again.
#pragma once

#include <string>
#include <vector>

#include "framespec/bytes.h"
#include "framespec/dialect.h"

namespace framespec::fuzz {

struct FrameParts {
  ByteVector prefix;
  std::string header;  ///< in a dialect without a JSON header always empty
  ByteVector payload;
  ByteVector trailer;
};

struct StreamParts {
  std::vector<FrameParts> frames;
  ByteVector rest;  ///< bytes behind the last frame that could be read
};

StreamParts take_apart(const Dialect& dialect, Bytes stream);
ByteVector put_together(const StreamParts& parts);

/// Makes the frame's prefix say the truth about what follows it; the lead stays.
void repair_prefix(const Dialect& dialect, FrameParts& frame);

/// Gives the frame a header with the right md5 and total_size, and a prefix to match.
void repair_header(const Dialect& dialect, FrameParts& frame);

/// A right frame of this dialect around `payload`, as far as the dialect has one.
FrameParts frame_around(const Dialect& dialect, ByteVector payload);

/// The value of the length field that stands for the frame's body as it is, cut to 64 bits.
std::uint64_t true_length(const Dialect& dialect, const FrameParts& frame);

}  // namespace framespec::fuzz
