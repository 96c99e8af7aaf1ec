#include "runner/sentinel.h"

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

#include "framespec/encoder.h"

namespace framespec::conformance {
namespace {

constexpr std::string_view kText = "sentinel";
constexpr std::string_view kFilename = "sentinel.bin";

ByteVector payload_of(std::uint64_t size) {
  ByteVector payload;
  for (std::uint64_t index = 0; index < size; ++index) {
    payload.push_back(static_cast<std::byte>(kText[index % kText.size()]));
  }
  return payload;
}

}  // namespace

std::expected<Sentinel, std::string> make_sentinel(const Dialect& dialect) {
  // Where only an empty payload is legal, that.
  const auto size = dialect.legal_payload_size(kText.size()).or_else([&] {
    return dialect.legal_payload_size(1);
  });
  Sentinel sentinel;
  ByteVector payload = payload_of(size.value_or(0));
  const auto appended =
      append_frame(sentinel.send.bytes, dialect, payload, {.lead = {}, .filename = kFilename});
  if (!appended) {
    return std::unexpected(fmt::format("no small frame of dialect {} can be made: {}", dialect.name,
                                       to_string(appended.error())));
  }
  sentinel.send.frame_ends.push_back(sentinel.send.bytes.size());
  sentinel.answer = {.payload = std::move(payload),
                     .lead = dialect.lead,
                     .filename = dialect.header == HeaderKind::kJson ? std::string(kFilename) : ""};
  return sentinel;
}

}  // namespace framespec::conformance
