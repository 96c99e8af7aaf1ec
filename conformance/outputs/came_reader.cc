#include "outputs/came_reader.h"

#include <algorithm>
#include <cstddef>

#include "framespec/awaited_request.h"
#include "framespec/frame_deframer.h"

namespace framespec::conformance {

CameReader::Taken CameReader::take(std::size_t size, bool is_expected) {
  const Bytes taken = left().first(size);
  position_ += size;
  return {.bytes = taken, .is_expected = is_expected};
}

CameReader::Taken CameReader::take_all_there_is() {
  Taken taken = take(left().size(), !is_all_kept());
  taken.is_whole = is_all_kept();
  return taken;
}

CameReader::Taken CameReader::frames(const std::vector<step::ExpectedFrame>& expected) {
  FrameDeframer deframer(dialect_);
  Bytes input = left();
  for (const step::ExpectedFrame& each : expected) {
    const auto frame = deframer.next(input);
    if (!frame) return take(left().size(), false);
    if (!*frame) return take_all_there_is();
    if (!std::ranges::equal((*frame)->payload, each.payload)) {
      return take(static_cast<std::size_t>(deframer.offset()), false);
    }
  }
  return take(static_cast<std::size_t>(deframer.offset()), true);
}

// What masks match may be of any size: then only the runner, which has them, can tell.
CameReader::Taken CameReader::answer(const step::ExpectAnswer& expected) {
  const std::size_t size = expected.bytes.size();
  if (size > left().size()) return take_all_there_is();
  ByteVector came(left().begin(), left().begin() + static_cast<std::ptrdiff_t>(size));
  for (const step::Stretch& each : expected.varies) {
    const auto from = static_cast<std::ptrdiff_t>(each.from);
    const auto to = static_cast<std::ptrdiff_t>(each.to);
    std::copy(expected.bytes.begin() + from, expected.bytes.begin() + to, came.begin() + from);
  }
  return take(size, !expected.masks.empty() || came == expected.bytes);
}

CameReader::Taken CameReader::request(const step::Await& await) {
  AwaitedRequest request(await);
  Bytes input = left();
  const auto is_whole = request.take(input);
  last_request_.assign(request.kept().begin(), request.kept().end());
  if (is_whole && !*is_whole) return take_all_there_is();
  return take(static_cast<std::size_t>(request.size()), is_whole.has_value());
}

Bytes CameReader::rest() { return take(left().size(), true).bytes; }

}  // namespace framespec::conformance
