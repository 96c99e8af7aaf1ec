// decode_prefix and encode_prefix against each other and under every cut of the prefix: PFX, SND-3.
//
// The input has the form of a stream; its wire bytes are read as one prefix.
#include "framespec/prefix.h"

#include <algorithm>

#include "input/stream_input.h"
#include "oracles/violation.h"
#include "target.h"

namespace framespec::fuzz {
namespace {

using Decoded = std::expected<std::optional<DecodedPrefix>, Error>;

bool are_equal(const Decoded& a, const Decoded& b) {
  if (a.has_value() != b.has_value()) return false;
  if (!a) return a.error() == b.error();
  if (a->has_value() != b->has_value()) return false;
  return !*a || ((*a)->size == (*b)->size && (*a)->body_size == (*b)->body_size);
}

/// PFX-2: with fewer bytes the answer is "more", until it is there; then further bytes do not
/// change it.
Violation check_every_length(const Dialect& dialect, Bytes bytes, const Decoded& whole) {
  bool is_decided = false;
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const Decoded part = decode_prefix(dialect, bytes.first(size));
    const bool needs_more = part && !*part;
    if (!needs_more && !are_equal(part, whole)) {
      return "the first " + std::to_string(size) + " bytes are judged otherwise than all of them";
    }
    if (needs_more && is_decided) return "a prefix that was whole needs more bytes";
    is_decided = is_decided || !needs_more;
  }
  if (whole && *whole && (*whole)->size > dialect.prefix_size_max()) {
    return "the prefix is larger than prefix_size_max()";
  }
  return std::nullopt;
}

/// SND-3: a size that was received can be sent, in the same bytes if there is one form only.
Violation check_encoding(const Dialect& dialect, Bytes bytes, const DecodedPrefix& decoded) {
  const Bytes lead = bytes.first(dialect.lead.size());
  const auto encoded = encode_prefix(dialect, decoded.body_size, lead);
  if (!encoded) return "the size was received, but cannot be sent: " + to_string(encoded.error());
  const Bytes received = bytes.first(decoded.size);
  const LengthField& field = dialect.length;
  const bool has_one_form = field.encoding == LengthEncoding::kFixed || field.is_shortest;
  if (has_one_form && !std::ranges::equal(encoded->bytes(), received)) {
    return "the size is sent in other bytes than it was received in";
  }
  if (encoded->bytes().size() > received.size()) return "the size takes more bytes than it came in";
  const Decoded again = decode_prefix(dialect, encoded->bytes());
  if (!again || !*again || (*again)->body_size != decoded.body_size) {
    return "the size, sent, is received as another";
  }
  return std::nullopt;
}

Violation find_violation(const StreamInput& input) {
  const Decoded whole = decode_prefix(input.dialect, input.wire);
  if (auto bad = check_every_length(input.dialect, input.wire, whole)) return bad;
  if (!whole || !*whole) return std::nullopt;
  return check_encoding(input.dialect, input.wire, **whole);
}

}  // namespace

void run_input(Bytes input) {
  StreamInput stream = parse_stream_input(input);
  constexpr std::size_t kWireSizeMax = 64;
  stream.wire.resize(std::min(stream.wire.size(), kWireSizeMax));
  if (const Violation bad = find_violation(stream)) report_finding(*bad, input);
}

std::string explain_input(Bytes input) { return explain(parse_stream_input(input)); }

}  // namespace framespec::fuzz
