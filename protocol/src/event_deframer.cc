#include "framespec/event_deframer.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "framespec/prefix.h"

namespace framespec {
namespace {

/// What a string has taken from the heap: nothing if it is short enough to lie in place.
std::size_t heap_bytes_of(const std::string& text) {
  return text.capacity() == std::string().capacity() ? 0 : text.capacity() + 1;
}

}  // namespace

EventDeframer::EventDeframer(const Dialect& dialect, DigestCheck digest)
    : dialect_(&dialect), quick_(dialect), digest_(digest) {
  head_.lead = Bytes(prefix_).first(dialect.lead.size());
  if (dialect.header == HeaderKind::kJson) head_.header = &header_;
}

std::expected<Event, Error> EventDeframer::next_of_any(Bytes& input) {
  for (;;) {
    std::expected<bool, Error> whole = true;
    switch (state_) {
      case State::kPrefix:
        whole = take_prefix(input);
        break;
      case State::kHeader:
        whole = take_header(input);
        break;
      case State::kBegin:
        state_ = State::kPayload;
        return Event{EventKind::kFrameBegin, &head_, {}};
      case State::kPayload:
        if (remaining_ == 0) {
          whole = end_payload();
          break;
        }
        if (input.empty()) return Event{};
        return Event{EventKind::kPayload, &head_, take_payload(input)};
      case State::kTrailer:
        whole = take_trailer(input);
        break;
      case State::kEnd:
        state_ = State::kPrefix;
        return Event{EventKind::kFrameEnd, &head_, {}};
      case State::kFailed:
        return std::unexpected(*error_);
    }
    if (!whole) return std::unexpected(std::move(whole.error()));
    if (!*whole) return Event{};
  }
}

std::expected<void, Error> EventDeframer::finish() {
  if (state_ == State::kFailed) return std::unexpected(*error_);
  if (at_frame_boundary()) return {};
  return fail(truncated());
}

std::size_t EventDeframer::bytes_held() const noexcept {
  return heap_bytes_of(header_text_) + heap_bytes_of(header_.filename) +
         heap_bytes_of(header_.md5) + (md5_ ? Md5::kHeapBytes : 0);
}

std::expected<bool, Error> EventDeframer::take_prefix(Bytes& input) {
  if (input.empty()) return false;
  // A prefix that lies in one segment is read in place; one that comes in pieces is gathered.
  const std::size_t gathered = prefix_size_;
  const std::size_t taken = std::min(input.size(), prefix_.size() - gathered);
  std::copy_n(input.begin(), taken, prefix_.begin() + static_cast<std::ptrdiff_t>(gathered));
  auto prefix =
      decode_prefix(*dialect_, Bytes(prefix_).first(gathered + taken), offset_ - gathered);
  if (!prefix) return fail(std::move(prefix.error()));
  if (!*prefix) {  // all of the input went into the prefix: it never needs more than prefix_ holds
    consume(input, taken);
    prefix_size_ += taken;
    return false;
  }
  consume(input, (*prefix)->size - gathered);
  prefix_size_ = 0;
  begin_body((*prefix)->size, (*prefix)->body_size);
  state_ = dialect_->header == HeaderKind::kJson ? State::kHeader : State::kBegin;
  return true;
}

bool EventDeframer::lead_is_right(Bytes input) const {
  for (std::size_t i = 0; i < dialect_->lead.size(); ++i) {
    if (((input[i] ^ dialect_->lead[i]) & dialect_->lead_mask[i]) != std::byte{0}) return false;
  }
  return true;
}

bool EventDeframer::take_lead(Bytes input) {
  if (!lead_is_right(input)) return false;
  std::ranges::copy(input.first(dialect_->lead.size()), prefix_.begin());
  return true;
}

std::expected<bool, Error> EventDeframer::take_header(Bytes& input) {
  if (header_text_.empty() && input.size() >= remaining_) {
    return use_header(as_text(consume(input, remaining_)));
  }
  const Bytes piece = consume(input, std::min<std::uint64_t>(input.size(), remaining_));
  header_text_.append(as_text(piece));
  if (remaining_ != 0) return false;
  auto used = use_header(header_text_);
  if (header_text_.capacity() > kHeaderTextKeptMax) {
    std::string().swap(header_text_);  // an assignment would keep the memory
  } else {
    header_text_.clear();
  }
  return used;
}

std::expected<bool, Error> EventDeframer::use_header(std::string_view text) {
  auto header = parse_json_header(text, {.total_size_max = dialect_->payload_size_max,
                                         .depth_max = dialect_->header_depth_max});
  if (!header) {
    return fail({header.error().kind, field_offset_, std::move(header.error().detail)});
  }
  if (auto legal = check_payload_size(*dialect_, header->total_size, field_offset_); !legal) {
    return fail(std::move(legal.error()));
  }
  header_ = *std::move(header);
  head_.payload_size = header_.total_size;
  field_offset_ = offset_;
  field_size_ = header_.total_size;
  remaining_ = header_.total_size;
  if (digest_ == DigestCheck::kVerify && !md5_) md5_.emplace();
  state_ = State::kBegin;
  return true;
}

Bytes EventDeframer::take_payload(Bytes& input) {
  const Bytes chunk = consume(input, std::min<std::uint64_t>(input.size(), remaining_));
  if (md5_) md5_->update(chunk);
  return chunk;
}

std::expected<bool, Error> EventDeframer::end_payload() {
  if (md5_) {
    const std::string digest = md5_->finish();
    if (digest != header_.md5) {
      return fail({ErrorKind::kDigestMismatch, field_offset_,
                   "the header says md5 " + header_.md5 + "; that of the payload is " + digest});
    }
  }
  field_offset_ = offset_;
  field_size_ = dialect_->trailer.size();
  remaining_ = field_size_;
  state_ = remaining_ == 0 ? State::kEnd : State::kTrailer;
  return true;
}

std::expected<bool, Error> EventDeframer::take_trailer(Bytes& input) {
  while (remaining_ != 0) {
    if (input.empty()) return false;
    const std::size_t index = field_size_ - remaining_;
    if (input.front() != dialect_->trailer[index]) {
      return fail({ErrorKind::kBadTrailer, offset_,
                   "byte " + std::to_string(index) + " of the trailer is " +
                       std::to_string(std::to_integer<int>(input.front())) + "; it must be " +
                       std::to_string(std::to_integer<int>(dialect_->trailer[index]))});
    }
    consume(input, 1);
  }
  state_ = State::kEnd;
  return true;
}

Bytes EventDeframer::consume(Bytes& input, std::size_t size) noexcept {
  const Bytes taken = input.first(size);
  input = input.subspan(size);
  offset_ += size;
  // While the prefix comes in, its size is not known: remaining_ is set when it is whole.
  if (state_ != State::kPrefix) remaining_ -= size;
  return taken;
}

Error EventDeframer::truncated() const {
  if (state_ == State::kPrefix) {
    return {
        ErrorKind::kTruncated, offset_,
        "the stream ended inside a prefix, after " + std::to_string(prefix_size_) + " bytes of it"};
  }
  const std::string_view field = state_ == State::kHeader    ? "header"
                                 : state_ == State::kTrailer ? "trailer"
                                                             : "payload";
  return {ErrorKind::kTruncated, offset_,
          "the stream ended after " + std::to_string(field_size_ - remaining_) + " of " +
              std::to_string(field_size_) + " bytes of the " + std::string(field)};
}

std::unexpected<Error> EventDeframer::fail(Error error) {
  error_ = std::move(error);
  state_ = State::kFailed;
  return std::unexpected(*error_);
}

}  // namespace framespec
