#include "framespec/encoder.h"

#include <string>

#include "framespec/md5.h"
#include "framespec/prefix.h"
#include "utf8.h"

namespace framespec {
namespace {

void append(ByteVector& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

/// The header's text, once it is known that the dialect's own receiver will take it (SND-3).
std::expected<std::string, Error> checked_header_text(const Dialect& dialect,
                                                      const JsonHeader& header) {
  // Written as replacement characters it would arrive as another name than the one that was meant.
  if (const std::size_t at = find_invalid_utf8(header.filename); at != std::string_view::npos) {
    return std::unexpected(
        Error{ErrorKind::kHeaderEncoding, 0,
              "the filename is not valid UTF-8 at its byte " + std::to_string(at)});
  }
  std::string text = encode_json_header(header);
  const auto parsed = parse_json_header(
      text, {.total_size_max = dialect.payload_size_max, .depth_max = dialect.header_depth_max});
  if (!parsed) return std::unexpected(Error{parsed.error().kind, 0, parsed.error().detail});
  return text;
}

}  // namespace

std::expected<void, Error> append_frame_head(ByteVector& out, const Dialect& dialect,
                                             std::uint64_t payload_size, const JsonHeader& header,
                                             Bytes lead) {
  if (dialect.header == HeaderKind::kNone) {
    const auto prefix = encode_prefix(dialect, payload_size, lead);
    if (!prefix) return std::unexpected(prefix.error());
    append(out, prefix->bytes());
    return {};
  }
  if (header.total_size != payload_size) {
    return std::unexpected(Error{ErrorKind::kHeaderBadValue, 0,
                                 "the header says a total_size of " +
                                     std::to_string(header.total_size) + "; the payload has " +
                                     std::to_string(payload_size) + " bytes"});
  }
  if (auto legal = check_payload_size(dialect, payload_size); !legal) return legal;
  const auto text = checked_header_text(dialect, header);
  if (!text) return std::unexpected(text.error());
  const auto prefix = encode_prefix(dialect, text->size(), lead);
  if (!prefix) return std::unexpected(prefix.error());
  append(out, prefix->bytes());
  append(out, as_bytes(*text));
  return {};
}

std::expected<void, Error> append_frame(ByteVector& out, const Dialect& dialect, Bytes payload,
                                        const FrameMeta& meta) {
  JsonHeader header;
  if (dialect.header == HeaderKind::kJson) {
    header = {std::string(meta.filename), md5_of(payload), payload.size()};
  }
  if (auto head = append_frame_head(out, dialect, payload.size(), header, meta.lead); !head) {
    return head;
  }
  append(out, payload);
  append(out, dialect.trailer);
  return {};
}

}  // namespace framespec
