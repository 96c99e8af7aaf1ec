// How `send` prints a reply.
#pragma once

#include <cstdint>
#include <string>

#include "framespec/frame_deframer.h"
#include "options.h"

namespace framespec::client {

/// kText: the payload and a line feed. kRaw: the payload alone. kHex: hexadecimal digits and a line
/// feed. kJson: one object on a line: reply (counted from 1), offset, size, the header's filename,
/// md5 and total_size where there is one, and the payload as "text" if it is UTF-8, else as "hex".
std::string format_reply(OutputFormat format, std::uint64_t number, const Frame& frame);

}  // namespace framespec::client
