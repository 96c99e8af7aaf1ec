#include "oracles/reencoding.h"

#include <algorithm>
#include <string>

#include "framespec/encoder.h"
#include "framespec/md5.h"

namespace framespec::fuzz {
namespace {

std::string at(const TranscriptFrame& frame) {
  return "the frame at byte " + std::to_string(frame.offset);
}

/// A header is written in one form, which may be longer than the one that was received: then the
/// limit, or the unit of the length, may not allow it.
bool may_be_refused(const Dialect& dialect, const TranscriptFrame& frame, const Error& error) {
  if (dialect.header == HeaderKind::kNone) return false;
  const std::string text =
      encode_json_header({frame.header->filename, md5_of(frame.payload), frame.payload.size()});
  switch (error.kind) {
    case ErrorKind::kHeaderTooLarge:
      return text.size() > dialect.header_size_max;
    case ErrorKind::kNotExpressible:
      return dialect.length.unit != 1 || dialect.length.adjustment > 0;
    default:
      return false;
  }
}

bool has_one_form(const Dialect& dialect) {
  return dialect.header == HeaderKind::kNone && dialect.length.encoding == LengthEncoding::kFixed;
}

Violation check_frame(const StreamInput& input, const TranscriptFrame& frame) {
  ByteVector wire;
  FrameMeta meta{.lead = frame.lead, .filename = {}};
  if (frame.header) meta.filename = frame.header->filename;
  if (const auto sent = append_frame(wire, input.dialect, frame.payload, meta); !sent) {
    if (may_be_refused(input.dialect, frame, sent.error())) return std::nullopt;
    return at(frame) + " was received, but cannot be sent: " + to_string(sent.error());
  }
  const Bytes original = Bytes(input.wire).subspan(frame.offset);
  if (has_one_form(input.dialect) &&
      (wire.size() > original.size() || !std::ranges::equal(wire, original.first(wire.size())))) {
    return at(frame) + " is encoded in other bytes than those received";
  }

  const Transcript again =
      transcribe(input.dialect, wire, Segmentation::whole(wire.size()), DigestCheck::kVerify);
  if (again.frames.size() != 1 || again.terminal != TerminalState::kClean) {
    return at(frame) + " was encoded, but not deframed again:\n" + to_string(again);
  }
  const TranscriptFrame& back = again.frames.front();
  const bool same_header =
      !frame.header || (back.header && back.header->filename == frame.header->filename &&
                        back.header->total_size == frame.header->total_size &&
                        back.header->md5 == md5_of(frame.payload));
  if (back.lead != frame.lead || back.payload != frame.payload || !same_header) {
    return at(frame) + " was encoded and deframed to another one:\n" + to_string(again);
  }
  return std::nullopt;
}

}  // namespace

Violation check_reencoding(const StreamInput& input, const Transcript& received) {
  for (const TranscriptFrame& frame : received.frames) {
    if (auto bad = check_frame(input, frame)) return bad;
  }
  return std::nullopt;
}

}  // namespace framespec::fuzz
