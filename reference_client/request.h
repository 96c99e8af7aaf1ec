// A message of the user, as it goes on the wire.
#pragma once

#include <string_view>

#include "failure.h"
#include "framespec/bytes.h"
#include "options.h"

namespace framespec::client {

/// The file name in the JSON header of a request that comes from no file.
inline constexpr std::string_view kRequestFilename = "request";

/// Appends `payload` to `out` as one request: framed, or its bytes alone. A payload that the
/// dialect cannot carry, or that raw requests cannot show (an empty one), is a usage failure that
/// calls the message `what`; `out` is then as it was.
Result<void> append_request(ByteVector& out, const Options& options, Bytes payload,
                            std::string_view what, std::string_view filename = kRequestFilename);

}  // namespace framespec::client
