#include <algorithm>

#include "framespec/printable.h"
#include "framespec/transcript.h"

namespace framespec {
namespace {

// A transcript is read by people: more bytes than this are counted, not shown.
constexpr std::size_t kBytesShownMax = 24;
constexpr std::size_t kFramesShownMax = 40;

std::string hex_of(Bytes bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::byte byte : bytes) {
    if (!text.empty()) text += ' ';
    text += kDigits[std::to_integer<unsigned>(byte) >> 4U];
    text += kDigits[std::to_integer<unsigned>(byte) & 15U];
  }
  return text;
}

// "1 byte", "2 bytes"
std::string count_of(std::size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

// One character a byte, as it stands beside the hexadecimal digits.
std::string text_column(Bytes bytes) {
  std::string text;
  for (const std::byte byte : bytes) {
    const char character = std::to_integer<char>(byte);
    text += character >= ' ' && character <= '~' ? character : '.';
  }
  return text;
}

// A peer's words on one line, without loss.
std::string escaped(std::string_view words) {
  std::string text;
  for (const char character : words) {
    if (character == '"' || character == '\\') text += '\\';
    text += character;
  }
  return printable(text);
}

std::string quoted_words(std::string_view words) { return "\"" + escaped(words) + "\""; }

// "5 bytes: 68 65 6c 6c 6f |hello|"
std::string sample(Bytes bytes) {
  std::string text = count_of(bytes.size(), "byte");
  if (bytes.empty()) return text;
  const Bytes shown = bytes.first(std::min(bytes.size(), kBytesShownMax));
  text += ": " + hex_of(shown) + " |" + text_column(shown) + "|";
  if (shown.size() < bytes.size()) text += "...";
  return text;
}

std::string describe(const JsonHeader& header) {
  return "filename " + quoted_words(header.filename) + ", md5 " + escaped(header.md5) +
         ", total_size " + std::to_string(header.total_size);
}

std::string describe(const TranscriptFrame& frame) {
  std::string text;
  if (!frame.lead.empty()) text += "lead " + hex_of(frame.lead) + ", ";
  if (frame.header) text += "header (" + describe(*frame.header) + "), ";
  return text + "payload of " + sample(frame.payload);
}

std::string title(std::size_t index, const TranscriptFrame& frame) {
  return "frame " + std::to_string(index) + " at byte " + std::to_string(frame.offset);
}

std::string ending(const Transcript& transcript) {
  std::string text(name_of(transcript.terminal));
  if (!transcript.error) return text;
  const Error& error = *transcript.error;
  if (!error.detail.empty()) return text + " (" + to_string(error) + ")";
  return text + " (" + std::string(name_of(error.kind)) + " at byte " +
         std::to_string(error.offset) + ")";
}

std::string payload_difference(const ByteVector& expected, const ByteVector& actual) {
  const auto [left, right] = std::ranges::mismatch(expected, actual);
  const auto at = static_cast<std::size_t>(left - expected.begin());
  std::string text;
  if (expected.size() != actual.size()) {
    text = "has a payload of " + count_of(actual.size(), "byte") + " instead of " +
           std::to_string(expected.size());
    if (at == 0) return text;
    text += "; ";
  }
  if (left == expected.end() || right == actual.end()) {
    return text + "the first " + count_of(at, "byte") + " are the same";
  }
  return text + "payload byte " + std::to_string(at) + " is " + hex_of(Bytes(&*right, 1)) +
         " instead of " + hex_of(Bytes(&*left, 1));
}

std::string frame_difference(const TranscriptFrame& expected, const TranscriptFrame& actual) {
  if (expected.offset != actual.offset) {
    return "starts at byte " + std::to_string(actual.offset) + " instead";
  }
  if (expected.lead != actual.lead) {
    return "has lead " + hex_of(actual.lead) + " instead of " + hex_of(expected.lead);
  }
  if (expected.header != actual.header) {
    const auto text = [](const std::optional<JsonHeader>& header) {
      return header ? "the header (" + describe(*header) + ")" : std::string("no header");
    };
    return "has " + text(actual.header) + " instead of " + text(expected.header);
  }
  return payload_difference(expected.payload, actual.payload);
}

}  // namespace

std::string_view name_of(TerminalState state) noexcept {
  switch (state) {
    case TerminalState::kClean:
      return "clean";
    case TerminalState::kTruncated:
      return "truncated";
    case TerminalState::kRejected:
      return "rejected";
    case TerminalState::kStalled:
      return "stalled";
  }
  return "unknown";
}

std::string to_string(const Transcript& transcript) {
  std::string text;
  const std::size_t shown = std::min(transcript.frames.size(), kFramesShownMax);
  for (std::size_t index = 0; index < shown; ++index) {
    const TranscriptFrame& frame = transcript.frames[index];
    text += title(index, frame) + ": " + describe(frame) + "\n";
  }
  if (shown < transcript.frames.size()) {
    text += "... and " + std::to_string(transcript.frames.size() - shown) + " frames more\n";
  }
  return text + "end: " + ending(transcript) + "\n";
}

Transcript without_detail(Transcript transcript) {
  if (transcript.error) transcript.error->detail.clear();
  return transcript;
}

std::string difference(const Transcript& expected, const Transcript& actual) {
  const std::size_t both = std::min(expected.frames.size(), actual.frames.size());
  for (std::size_t index = 0; index < both; ++index) {
    if (!(expected.frames[index] == actual.frames[index])) {
      return title(index, expected.frames[index]) + " " +
             frame_difference(expected.frames[index], actual.frames[index]);
    }
  }
  if (both < expected.frames.size()) {
    return title(both, expected.frames[both]) + " is missing; the stream ended " + ending(actual);
  }
  if (both < actual.frames.size()) {
    return title(both, actual.frames[both]) +
           " should not be there: " + describe(actual.frames[both]);
  }
  if (expected.terminal != actual.terminal || expected.error != actual.error) {
    return "after " + count_of(both, "frame") + " the stream ended " + ending(actual) +
           " instead of " + ending(expected);
  }
  return "";
}

std::string lateness(const Transcript& earliest, const Transcript& actual,
                     const Segmentation& segmentation) {
  const auto cuts = segmentation.cuts();
  const std::size_t both = std::min(earliest.frames.size(), actual.frames.size());
  for (std::size_t index = 0; index < both; ++index) {
    const std::uint64_t complete_at = earliest.frames[index].delivered_at;
    const std::uint64_t delivered_at = actual.frames[index].delivered_at;
    if (complete_at == 0 || delivered_at == 0) continue;
    const auto cut = std::ranges::lower_bound(cuts, complete_at);
    const std::uint64_t due_at = cut == cuts.end() ? segmentation.stream_size() : *cut;
    if (delivered_at > due_at) {
      return title(index, actual.frames[index]) + " is complete after " +
             std::to_string(complete_at) + " bytes and was due after " + std::to_string(due_at) +
             ", but was not delivered before byte " + std::to_string(delivered_at) + " had arrived";
    }
  }
  return "";
}

}  // namespace framespec
