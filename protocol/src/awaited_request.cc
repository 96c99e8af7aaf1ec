#include "framespec/awaited_request.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "framespec/error.h"

namespace framespec {
namespace {

/// Of each beginning of `text`: the longest other beginning of it that it also ends in. With them a
/// stream is searched without looking at a byte of it again (Knuth, Morris and Pratt).
std::vector<std::size_t> until_borders(Bytes text) {
  std::vector<std::size_t> borders(text.size(), 0);
  std::size_t matched = 0;
  for (std::size_t at = 1; at < text.size(); ++at) {
    while (matched > 0 && text[at] != text[matched]) matched = borders[matched - 1];
    if (text[at] == text[matched]) ++matched;
    borders[at] = matched;
  }
  return borders;
}

}  // namespace

AwaitedRequest::AwaitedRequest(step::Await await) : await_(std::move(await)) {
  if (const auto* frame = std::get_if<step::AwaitFrame>(&await_.what)) {
    deframer_ = std::make_unique<EventDeframer>(frame->dialect);
  }
  if (const auto* until = std::get_if<step::AwaitUntil>(&await_.what)) {
    borders_ = until_borders(until->bytes);
  }
}

std::expected<bool, std::string> AwaitedRequest::take(Bytes& input) {
  if (is_whole_) return true;
  const Bytes before = input;
  auto is_whole = std::visit([&](const auto& what) { return look(what, input); }, await_.what);
  const Bytes taken = before.first(before.size() - input.size());
  const Bytes kept = taken.first(std::min(taken.size(), step::kCopiedFromMax - kept_.size()));
  kept_.insert(kept_.end(), kept.begin(), kept.end());
  size_ += taken.size();
  is_whole_ = is_whole.value_or(false);
  return is_whole;
}

std::expected<bool, std::string> AwaitedRequest::look(const step::AwaitBytes& bytes,
                                                      Bytes& input) const {
  const std::uint64_t missing = bytes.size - size_;
  const std::uint64_t taken = std::min<std::uint64_t>(missing, input.size());
  input = input.subspan(taken);
  return taken == missing;
}

std::expected<bool, std::string> AwaitedRequest::look(const step::AwaitUntil& until, Bytes& input) {
  while (!input.empty()) {
    const std::byte next = input.front();
    input = input.subspan(1);
    while (matched_ > 0 && next != until.bytes[matched_]) matched_ = borders_[matched_ - 1];
    if (next == until.bytes[matched_]) ++matched_;
    if (matched_ == until.bytes.size()) return true;
  }
  return false;
}

std::expected<bool, std::string> AwaitedRequest::look(const step::AwaitFrame& frame, Bytes& input) {
  for (;;) {
    const auto event = deframer_->next(input);
    if (!event) {
      return std::unexpected("the request is no frame of the dialect \"" + frame.dialect.name +
                             "\": " + to_string(event.error()));
    }
    if (event->kind == EventKind::kFrameEnd) return true;
    if (event->kind == EventKind::kNeedData) return false;
  }
}

std::expected<ByteVector, std::string> with_copies(const step::Send& send, Bytes request) {
  ByteVector bytes = send.bytes;
  for (const step::Copy& copy : send.copies) {
    if (copy.size > request.size() || copy.from > request.size() - copy.size) {
      return std::unexpected("bytes " + std::to_string(copy.from) + " to " +
                             std::to_string(copy.from + copy.size - 1) +
                             " of the request are to be copied, and it has " +
                             std::to_string(request.size()) + " bytes");
    }
    std::ranges::copy(request.subspan(copy.from, copy.size),
                      bytes.begin() + static_cast<std::ptrdiff_t>(copy.to));
  }
  return bytes;
}

}  // namespace framespec
