#include "runner/sentinel.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "framespec/encoder.h"

namespace framespec::conformance {
namespace {

constexpr std::string_view kText = "sentinel";
constexpr std::string_view kFilename = "sentinel.bin";
// The unit of a dialect's length is small; one of so many sizes in a row is a multiple of it.
constexpr std::uint64_t kSizesTried = 64;

ByteVector payload_of(std::uint64_t size) {
  ByteVector payload;
  for (std::uint64_t index = 0; index < size; ++index) {
    payload.push_back(static_cast<std::byte>(kText[index % kText.size()]));
  }
  return payload;
}

}  // namespace

std::expected<Sentinel, std::string> make_sentinel(const Dialect& dialect) {
  const std::uint64_t first =
      std::clamp<std::uint64_t>(kText.size(), dialect.payload_size_min, dialect.payload_size_max);
  std::string reason;
  for (std::uint64_t size = first; size < first + kSizesTried; ++size) {
    Sentinel sentinel;
    ByteVector payload = payload_of(size);
    const auto appended =
        append_frame(sentinel.send.bytes, dialect, payload, {.lead = {}, .filename = kFilename});
    if (!appended) {
      reason = to_string(appended.error());
      continue;
    }
    sentinel.send.frame_ends.push_back(sentinel.send.bytes.size());
    sentinel.answer = {
        .payload = std::move(payload),
        .lead = dialect.lead,
        .filename = dialect.header == HeaderKind::kJson ? std::string(kFilename) : ""};
    return sentinel;
  }
  return std::unexpected(
      fmt::format("no small frame of dialect {} can be made: {}", dialect.name, reason));
}

}  // namespace framespec::conformance
