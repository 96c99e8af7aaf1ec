// What a wrong md5 means for the user.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "console.h"
#include "failure.h"
#include "framespec/json_header.h"
#include "options.h"

namespace framespec::client {

/// Compares the md5 of a header with the one computed from the payload, which starts at
/// `payload_offset` of the stream (HDR-9). Different ones are a finding under kVerify and a warning
/// under kWarn. `what` names the payload in the message.
Result<void> judge_digest(const JsonHeader& header, std::string_view computed,
                          std::uint64_t payload_offset, std::string_view what, DigestPolicy policy,
                          const Console& console);

}  // namespace framespec::client
