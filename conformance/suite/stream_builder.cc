#include "suite/stream_builder.h"

#include <algorithm>
#include <utility>

#include "framespec/encoder.h"
#include "framespec/md5.h"
#include "framespec/prefix.h"
#include "suite/content.h"
#include "suite/field_edges.h"
#include "suite/header_text.h"

namespace framespec::conformance {
namespace {

using Outcome = std::expected<void, NotFor>;

void append(ByteVector& out, Bytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

/// Frames may have 16 MiB.
void append(ByteVector& out, ByteVector&& bytes) {
  if (out.empty()) {
    out = std::move(bytes);
  } else {
    append(out, Bytes(bytes));
  }
}

std::unexpected<NotFor> not_for(std::string reason) {
  return std::unexpected(NotFor{.reason = std::move(reason)});
}

std::unexpected<NotFor> not_expressible(WideInteger value) {
  return not_for("its length field cannot carry " + to_string(value));
}

/// A prefix whose length field carries `value` as it stands.
std::expected<EncodedPrefix, NotFor> prefix_with(const Dialect& dialect, WideInteger value) {
  const bool is_varint = dialect.length.encoding == LengthEncoding::kVarint;
  const unsigned bits = is_varint ? 64 : dialect.length.width * 8U;
  const WideInteger range = WideInteger{1} << bits;
  const WideInteger lowest = dialect.length.is_signed ? -range / 2 : 0;
  if (value < lowest || value >= lowest + range) return not_expressible(value);
  if (value >= 0 && dialect.length.is_reserved(static_cast<std::uint64_t>(value))) {
    return not_for("the value " + to_string(value) +
                   " of its length is reserved: it says something else there");
  }
  return encode_raw_prefix(dialect, static_cast<std::uint64_t>(value));
}

/// A prefix that says that `size` bytes follow it, legal or not.
std::expected<EncodedPrefix, NotFor> prefix_for(const Dialect& dialect, WideInteger size) {
  const WideInteger scaled = size - dialect.length.adjustment;
  if (scaled % dialect.length.unit != 0) return not_expressible(size);
  return prefix_with(dialect, scaled / dialect.length.unit);
}

/// The bytes that every payload begins with. A receiver may gather them with the prefix, as one
/// header of fixed size, before it judges the prefix.
std::size_t fixed_part_size(const Dialect& dialect) {
  if (dialect.header == HeaderKind::kJson || dialect.zero == ZeroRule::kLegal) return 0;
  return static_cast<std::size_t>(dialect.legal_payload_size(1).value_or(1));
}

class StreamBuilder {
 public:
  explicit StreamBuilder(const Dialect& dialect) : dialect_(dialect) {}

  Outcome add(const SendItem& item) {
    if (item.is_numbered) return add_numbered(item);
    // The same frame a million times is built once.
    StreamBuilder once(dialect_);
    if (auto built = std::visit([&](const auto& what) { return once.add(what); }, item.what);
        !built)
      return built;
    if (stream_.bytes.size() + once.stream_.bytes.size() * item.times > kStepBytesMax) {
      return not_for("it would send more than " + std::to_string(kStepBytesMax >> 20U) +
                     " MiB in one step");
    }
    if (item.times == 1 && stream_.bytes.empty()) {
      stream_ = once.take();
      if (!stream_.bytes.empty()) stream_.field_edges.insert(stream_.field_edges.begin(), 0);
      return {};
    }
    for (std::uint64_t i = 0; i < item.times; ++i) append_stream(once.stream_);
    return {};
  }

  BuiltStream take() { return std::move(stream_); }

 private:
  Outcome add(const FrameItem& item) {
    auto payload = legal_payload(item.payload, dialect_);
    if (!payload) return std::unexpected(payload.error());
    ByteVector frame;
    const ByteVector lead = lead_of(item);
    const auto encoded =
        append_frame(frame, dialect_, *payload, {.lead = lead, .filename = item.filename});
    if (!encoded) {
      return std::unexpected(frame_is_not_legal(encoded.error(), payload->size(), dialect_));
    }
    if (item.varint_size) {
      if (auto padded = pad_varint(frame, *item.varint_size); !padded) return padded;
    }
    mark_fields(frame);
    const auto spoilt_at = spoil(frame, item.spoilt);
    if (!spoilt_at) return std::unexpected(spoilt_at.error());
    if (item.first || item.after) return add_part(item, frame, *spoilt_at, std::move(*payload));
    append(stream_.bytes, std::move(frame));
    end_frame();
    if (item.is_answered) answer(std::move(*payload), lead, item.filename);
    return {};
  }

  [[nodiscard]] ByteVector lead_of(const FrameItem& item) const {
    ByteVector lead = item.lead.empty() ? dialect_.lead : item.lead;
    if (!item.flips_free_lead) return lead;
    for (std::size_t index = 0; index < lead.size(); ++index) {
      lead[index] ^= ~dialect_.lead_mask[index];
    }
    return lead;
  }

  Outcome add_part(const FrameItem& item, Bytes frame, std::size_t spoilt_at, ByteVector payload) {
    const Described described{.size = frame.size(),
                              .head_size = prefix_size(frame) + fixed_part_size(dialect_),
                              .spoilt_at = spoilt_at};
    const WideInteger size = frame.size();
    const auto within = [&](WideInteger value) { return value >= 0 && value <= size; };
    const auto begin = item.after ? evaluate(*item.after, dialect_, described) : 0;
    const auto end = item.first ? evaluate(*item.first, dialect_, described) : size;
    // A part of so many bytes is never all of it.
    const bool is_all =
        item.first && end == size && item.first->symbol == SizeExpression::Symbol::kNone;
    if (!within(begin) || !within(end) || begin > end || is_all) {
      return not_for("its frame of " + to_string(size) + " bytes is too short for this part");
    }
    append(stream_.bytes,
           frame.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)));
    stream_.field_edges.clear();
    mark();
    if (end == size) stream_.frame_ends.push_back(stream_.bytes.size());
    if (item.is_answered) answer(std::move(payload), item.lead, item.filename);
    return {};
  }

  Outcome add_numbered(const SendItem& item) {
    for (std::uint64_t i = 0; i < item.times; ++i) {
      SendItem numbered{.what = item.what};
      auto& bytes = std::get<FrameItem>(numbered.what).payload.bytes;
      append(bytes, as_bytes(" " + std::to_string(i + 1)));
      if (auto added = add(numbered); !added) return added;
    }
    return {};
  }

  Outcome add(const HeadItem& item) {
    const auto size = evaluate(item.payload_size, dialect_);
    if (size < 0) return not_for("a payload cannot have " + to_string(size) + " bytes");
    if (dialect_.header != HeaderKind::kJson) {
      return add_prefix(prefix_for(dialect_, expressible(size)));
    }
    const auto header = R"({"filename": ")" + std::string(kFrameFilename) +
                        R"(", "md5": "00000000000000000000000000000000", "total_size": )" +
                        to_string(size) + "}";
    if (auto done = add_prefix(prefix_for(dialect_, header.size())); !done) return done;
    append(stream_.bytes, as_bytes(header));
    mark();
    return {};
  }

  Outcome add(const PrefixItem& item) {
    const auto value = evaluate(item.value, dialect_);
    return add_prefix(item.counts_bytes ? prefix_for(dialect_, value)
                                        : prefix_with(dialect_, value));
  }

  Outcome add(const HeaderItem& item) {
    auto payload = legal_payload(item.payload, dialect_);
    if (!payload) return std::unexpected(payload.error());
    const auto text = fill_header_text(item.text, *payload, dialect_);
    if (!text) return not_for(text.error());
    if (item.is_answered && text->size() > dialect_.header_size_max) {
      return not_for("its header of " + std::to_string(text->size()) +
                     " bytes is above the largest, " + std::to_string(dialect_.header_size_max));
    }
    if (auto done = add_prefix(
            prefix_for(dialect_, evaluate(item.length, dialect_, {.size = text->size()})));
        !done)
      return done;
    append(stream_.bytes, as_bytes(*text));
    mark();
    append(stream_.bytes, *payload);
    mark();
    append(stream_.bytes, dialect_.trailer);
    end_frame();
    if (item.is_answered) answer(std::move(*payload), {}, item.filename);
    return {};
  }

  Outcome add(const BytesItem& item) {
    const auto bytes = materialise(item.content, dialect_);
    if (!bytes) return std::unexpected(bytes.error());
    if (item.is_length) append(stream_.bytes, dialect_.lead);
    append(stream_.bytes, *bytes);
    if (!item.answer) {
      mark();
      return {};
    }
    auto payload = materialise(*item.answer, dialect_);
    if (!payload) return std::unexpected(payload.error());
    end_frame();
    answer(std::move(*payload), item.lead, item.filename);
    return {};
  }

  /// The next payload size that the length can say; below the smallest legal one, `size` itself,
  /// for it would become legal.
  [[nodiscard]] WideInteger expressible(WideInteger size) const {
    const WideInteger unit = dialect_.length.unit;
    const WideInteger above = (size - dialect_.length.adjustment) % unit;
    if (above == 0 || size < WideInteger{payload_size_min_of(dialect_)}) return size;
    return size + (above < 0 ? 0 : unit) - above;
  }

  Outcome add_prefix(const std::expected<EncodedPrefix, NotFor>& prefix) {
    if (!prefix) return std::unexpected(prefix.error());
    append(stream_.bytes, prefix->bytes());
    mark();
    if (!decode_prefix(dialect_, prefix->bytes())) {
      stream_.bytes.resize(stream_.bytes.size() + fixed_part_size(dialect_));
      mark();
    }
    return {};
  }

  /// Fills the varint up with bytes that add nothing to its value.
  Outcome pad_varint(ByteVector& frame, const SizeExpression& size) {
    if (dialect_.length.encoding != LengthEncoding::kVarint)
      return not_for("its length is not a varint");
    const auto wanted = evaluate(size, dialect_);
    auto last = frame.begin() + static_cast<std::ptrdiff_t>(dialect_.lead.size());
    WideInteger count = 1;
    for (; (*last & std::byte{0x80}) != std::byte{0}; ++last) ++count;
    if (wanted <= count) return {};
    *last |= std::byte{0x80};
    ByteVector filling(static_cast<std::size_t>(wanted - count), std::byte{0x80});
    filling.back() = std::byte{0};
    frame.insert(last + 1, filling.begin(), filling.end());
    return {};
  }

  /// The offset of the byte that it has made wrong; 0 where there is none to be.
  std::expected<std::size_t, NotFor> spoil(ByteVector& frame, Spoilt spoilt) const {
    if (spoilt == Spoilt::kNothing) return 0;
    if (spoilt == Spoilt::kFirstTrailer || spoilt == Spoilt::kLastTrailer) {
      if (dialect_.trailer.empty()) return not_for("it has no trailer");
      const auto back = spoilt == Spoilt::kLastTrailer ? 1 : dialect_.trailer.size();
      frame[frame.size() - back] ^= std::byte{0x01};
      return frame.size() - back;
    }
    const auto& mask = dialect_.lead_mask;
    const auto must_match = [](std::byte bits) { return bits != std::byte{0}; };
    const auto first = std::ranges::find_if(mask, must_match);
    if (first == mask.end()) return not_for("it has no lead byte that must match");
    auto at = static_cast<std::size_t>(first - mask.begin());
    if (spoilt == Spoilt::kLastLead) {
      at = mask.size() - 1;
      while (!must_match(mask[at])) --at;
    }
    frame[at] ^= mask[at];
    return at;
  }

  void answer(ByteVector payload, const ByteVector& lead, std::string filename) {
    stream_.answers.push_back(
        {stream_.bytes.size(),
         {.payload = std::move(payload),
          .lead = lead.empty() ? dialect_.lead : lead,
          .filename = dialect_.header == HeaderKind::kJson ? std::move(filename) : ""}});
  }

  /// Bytes of the prefix at the start of `frame`, whether its lead and length are legal or not.
  [[nodiscard]] std::size_t prefix_size(Bytes frame) const {
    const Bytes length = frame.subspan(dialect_.lead.size());
    if (dialect_.length.encoding == LengthEncoding::kFixed) return dialect_.prefix_size_max();
    const auto last = std::ranges::find_if(
        length, [](std::byte value) { return (value & std::byte{0x80}) == std::byte{0}; });
    return dialect_.lead.size() + static_cast<std::size_t>(last - length.begin()) + 1;
  }

  /// Notes the edges of a frame that will be appended.
  void mark_fields(Bytes frame) {
    for (const std::uint64_t edge : field_edges_of_frame(dialect_, frame)) {
      stream_.field_edges.push_back(stream_.bytes.size() + edge);
    }
  }

  void mark() {
    if (stream_.field_edges.empty() || stream_.field_edges.back() != stream_.bytes.size()) {
      stream_.field_edges.push_back(stream_.bytes.size());
    }
  }

  void end_frame() {
    mark();
    stream_.frame_ends.push_back(stream_.bytes.size());
  }

  void append_stream(const BuiltStream& other) {
    const auto base = stream_.bytes.size();
    append(stream_.bytes, other.bytes);
    if (base == 0 && !other.bytes.empty()) stream_.field_edges.push_back(0);
    for (const auto end : other.frame_ends) stream_.frame_ends.push_back(base + end);
    for (const auto edge : other.field_edges) {
      if (stream_.field_edges.empty() || stream_.field_edges.back() < base + edge)
        stream_.field_edges.push_back(base + edge);
    }
    for (const auto& item : other.answers) stream_.answers.push_back({base + item.end, item.frame});
  }

  const Dialect& dialect_;
  BuiltStream stream_;
};

}  // namespace

std::expected<BuiltStream, NotFor> build_stream(const std::vector<SendItem>& items,
                                                const Dialect& dialect) {
  StreamBuilder builder(dialect);
  for (const auto& item : items) {
    if (auto added = builder.add(item); !added) return std::unexpected(added.error());
  }
  return builder.take();
}

}  // namespace framespec::conformance
