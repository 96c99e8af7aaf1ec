#include "request.h"

#include <fmt/format.h>

#include "framespec/encoder.h"

namespace framespec::client {

Result<void> append_request(ByteVector& out, const Options& options, Bytes payload,
                            std::string_view what, std::string_view filename) {
  if (options.request == Framing::kRaw) {
    if (payload.empty()) {
      return usage(
          fmt::format("{} is empty: as a raw request it would put nothing on the wire", what));
    }
    out.insert(out.end(), payload.begin(), payload.end());
    return {};
  }
  const auto appended =
      append_frame(out, options.dialect, payload, {.lead = {}, .filename = filename});
  if (!appended) {
    return usage(fmt::format("{} cannot be sent in dialect '{}': {}", what, options.dialect.name,
                             appended.error().detail));
  }
  return {};
}

}  // namespace framespec::client
