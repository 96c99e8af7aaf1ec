#include "digest_verdict.h"

#include <fmt/format.h>

#include "framespec/error.h"

namespace framespec::client {

Result<void> judge_digest(const JsonHeader& header, std::string_view computed,
                          std::uint64_t payload_offset, std::string_view what, DigestPolicy policy,
                          const Console& console) {
  if (policy == DigestPolicy::kIgnore || header.md5 == computed) return {};
  const Error error{ErrorKind::kDigestMismatch, payload_offset,
                    fmt::format("the header of {} says md5 {}, its payload has md5 {}", what,
                                header.md5, computed)};
  if (policy == DigestPolicy::kWarn) {
    console.warning(to_string(error));
    return {};
  }
  return finding(to_string(error) + " (--md5 warn or ignore lets it pass)");
}

}  // namespace framespec::client
