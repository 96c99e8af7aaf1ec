// parse_dialect on any text: what is accepted must be written back, consistent and usable on the
// wire.
#include "framespec/dialect.h"
#include "framespec/encoder.h"
#include "framespec/prefix.h"
#include "framespec/transcript.h"
#include "oracles/violation.h"
#include "target.h"

namespace framespec::fuzz {
namespace {

__extension__ using Wide = __int128;

/// A body is really sent up to this size; of larger ones only the prefix.
constexpr std::uint64_t kSentSizeMax = 4096;

bool are_equal(const Dialect& a, const Dialect& b) {
  const LengthField& x = a.length;
  const LengthField& y = b.length;
  return a.name == b.name && a.description == b.description && a.lead == b.lead &&
         a.lead_mask == b.lead_mask && x.encoding == y.encoding && x.width == y.width &&
         x.order == y.order && x.is_signed == y.is_signed && x.adjustment == y.adjustment &&
         x.unit == y.unit && a.payload_size_min == b.payload_size_min &&
         a.payload_size_max == b.payload_size_max && a.zero == b.zero && a.header == b.header &&
         a.header_size_max == b.header_size_max && a.header_depth_max == b.header_depth_max &&
         a.trailer == b.trailer && a.requests == b.requests;
}

Violation check_error(const DialectError& error) {
  if (!error.path.starts_with("$")) return "the error has no JSON path: " + to_string(error);
  if (error.message.empty()) return "the error says nothing: " + to_string(error);
  if (to_string(error).find('\n') != std::string::npos) {
    return "the error is on more than one line: " + to_string(error);
  }
  return std::nullopt;
}

Violation check_round_trip(const Dialect& dialect) {
  if (const auto consistent = check_consistency(dialect); !consistent) {
    return "accepted, but not consistent: " + to_string(consistent.error());
  }
  const std::string text = to_json(dialect);
  const auto again = parse_dialect(text);
  if (!again) return "written back and rejected: " + to_string(again.error()) + "\n" + text;
  if (!are_equal(dialect, *again)) return "written back and read otherwise:\n" + text;
  return std::nullopt;
}

/// The smallest size of at least `size` bytes that length * unit + adjustment can be.
std::uint64_t expressible_size(const LengthField& length, std::uint64_t size) {
  const Wide counted = Wide{size} - length.adjustment;
  const Wide steps = counted <= 0 ? 0 : (counted + length.unit - 1) / length.unit;
  return static_cast<std::uint64_t>(steps * length.unit + length.adjustment);
}

Violation check_prefix(const Dialect& dialect, std::uint64_t size) {
  const auto prefix = encode_prefix(dialect, size);
  if (!prefix)
    return "no prefix for the legal size " + std::to_string(size) + ": " +
           to_string(prefix.error());
  const auto decoded = decode_prefix(dialect, prefix->bytes());
  if (!decoded || !*decoded || (*decoded)->body_size != size) {
    return "the prefix for " + std::to_string(size) + " bytes says something else";
  }
  return std::nullopt;
}

/// A frame with a payload of `size` bytes, there and back byte by byte.
Violation check_frame(const Dialect& dialect, std::uint64_t size) {
  const ByteVector payload(size, std::byte{0x5a});
  ByteVector wire;
  if (const auto sent = append_frame(wire, dialect, payload, {.lead = {}, .filename = "a"});
      !sent) {
    // The one form in which a header is written may not suit its own limits, nor the length's unit.
    if (dialect.header == HeaderKind::kJson) return std::nullopt;
    return "no frame of the legal size " + std::to_string(size) + ": " + to_string(sent.error());
  }
  const Transcript back = transcribe(dialect, wire, Segmentation::byte_by_byte(wire.size()));
  if (back.frames.size() != 1 || back.frames.front().payload != payload ||
      back.terminal != TerminalState::kClean) {
    return "a frame of " + std::to_string(size) + " bytes came back as\n" + to_string(back);
  }
  return std::nullopt;
}

Violation check_on_the_wire(const Dialect& dialect) {
  const bool has_header = dialect.header == HeaderKind::kJson;
  if (dialect.zero == ZeroRule::kLegal) {
    if (auto bad = check_frame(dialect, 0)) return bad;
    if (dialect.payload_size_max == 0) return std::nullopt;
  }
  const std::uint64_t wanted = std::max<std::uint64_t>(dialect.payload_size_min, 1);
  const std::uint64_t smallest = has_header ? wanted : expressible_size(dialect.length, wanted);
  if (smallest > dialect.payload_size_max) return std::nullopt;  // zero alone is legal
  if (!has_header) {
    if (auto bad = check_prefix(dialect, smallest)) return bad;
  }
  if (smallest <= kSentSizeMax) return check_frame(dialect, smallest);
  return std::nullopt;
}

Violation find_violation(std::string_view text) {
  const auto dialect = parse_dialect(text);
  if (!dialect) return check_error(dialect.error());
  if (auto bad = check_round_trip(*dialect)) return bad;
  return check_on_the_wire(*dialect);
}

}  // namespace

void run_input(Bytes input) {
  if (const Violation bad = find_violation(as_text(input))) report_finding(*bad, input);
}

std::string explain_input(Bytes input) {
  const auto dialect = parse_dialect(as_text(input));
  return std::string(as_text(input)) + (dialect ? "\nread as\n" + to_json(*dialect)
                                                : "\nrejected: " + to_string(dialect.error()));
}

}  // namespace framespec::fuzz
