#include "input/stream_replay.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>
#include <variant>

#include "framespec/printable.h"
#include "framespec/transcript.h"
#include "input/dialect_word.h"
#include "input/frame_map.h"

namespace framespec::fuzz {
namespace {

bool is_text(std::string_view words) {
  return std::ranges::all_of(words, [](char c) { return c >= ' ' && c <= '~'; });
}

std::string first_line_of(const StreamInput& input) {
  StreamInput head = input;
  head.wire.clear();
  // What is no text is no name either: the dialect is drawn, the cuts are the numbers in the word.
  if (!is_text(head.dialect_word)) head.set_dialect(dialect_word_of(input.dialect));
  std::ranges::replace_if(head.segmentation_word, [](char c) { return c < ' ' || c > '~'; }, '?');
  const ByteVector file = format_stream_input(head, std::numeric_limits<std::size_t>::max());
  std::string line(as_text(file));
  line.pop_back();
  return line;
}

StreamInput input_of(std::string_view first_line, Bytes wire) {
  ByteVector file;
  for (const Bytes part : {as_bytes(first_line), as_bytes(std::string_view("\n")), wire}) {
    file.insert(file.end(), part.begin(), part.end());
  }
  return parse_stream_input(file);
}

bool is_same_on_the_wire(const Dialect& a, const Dialect& b) {
  return dialect_word_of(a) == dialect_word_of(b);
}

std::vector<std::uint64_t> frame_ends_of(const StreamInput& input) {
  std::vector<std::uint64_t> ends;
  for (const FrameSpan& frame : map_frames(input.dialect, input.wire)) {
    if (frame.is_whole && frame.end > (ends.empty() ? 0 : ends.back())) ends.push_back(frame.end);
  }
  return ends;
}

/// The words for a dialect: its name if it is a shipped one, with its limit where that is another.
std::string words_of(const Dialect& dialect) {
  const std::string limit = ",max" + std::to_string(dialect.payload_size_max);
  for (const std::string& word : {dialect.name, dialect.name + limit}) {
    if (find_dialect(dialect.name) == nullptr) break;
    if (is_same_on_the_wire(parse_dialect_word(word), dialect)) return word;
  }
  return dialect_word_of(dialect);
}

/// The shortest name of the cuts among those that need no list of them.
std::string words_of(const Segmentation& cuts) {
  const std::uint64_t size = cuts.stream_size();
  if (cuts.cuts().empty()) return "whole";
  if (cuts == Segmentation::byte_by_byte(size)) return "byte_by_byte";
  std::string chunk = "chunk-" + std::to_string(cuts.cuts().front());
  if (const auto same = Segmentation::parse(chunk, size); same && *same == cuts) return chunk;
  return cuts.explicit_cuts().name();
}

/// The one thing that is sent, or why there is not one.
std::expected<const step::Send*, std::string> only_send(const Replay& replay) {
  const step::Send* found = nullptr;
  for (const Step& step : replay.steps) {
    const auto* send = std::get_if<step::Send>(&step.action);
    const bool is_told_by_a_stream = std::holds_alternative<step::ExpectFrames>(step.action) ||
                                     std::holds_alternative<step::ExpectClosed>(step.action) ||
                                     std::holds_alternative<step::Finish>(step.action);
    if (step.connection != "main" || (send == nullptr && !is_told_by_a_stream) ||
        (send != nullptr && found != nullptr)) {
      return std::unexpected(
          "a fuzzer input is one stream, sent at once on the connection \"main\", and its end; "
          "this replay does more than that");
    }
    if (send != nullptr) found = send;
  }
  if (found != nullptr && found->arrival && found->arrival->is_coalesced) {
    return std::unexpected("a fuzzer input cannot say that all bytes are there before any is read");
  }
  return found;
}

}  // namespace

Replay to_replay(const StreamInput& input) {
  const Segmentation segmentation = segmentation_of(input);
  const Transcript right = transcribe(input.dialect, input.wire,
                                      Segmentation::whole(input.wire.size()), DigestCheck::kVerify);
  Replay replay;
  replay.dialect = input.dialect;
  replay.main_stays_open = right.terminal == TerminalState::kClean;
  replay.origin.fuzz_input = first_line_of(input);
  const auto add = [&](step::Action action) {
    replay.steps.push_back({.connection = "main", .action = std::move(action)});
  };
  if (!input.wire.empty()) {
    const auto cuts = segmentation.cuts();
    add(step::Send{.bytes = input.wire,
                   .frame_ends = frame_ends_of(input),
                   .arrival = step::Arrival{.cuts = {cuts.begin(), cuts.end()}}});
  }
  step::ExpectFrames expected;
  for (const TranscriptFrame& frame : right.frames) {
    expected.frames.push_back({.payload = frame.payload,
                               .lead = frame.lead,
                               .filename = frame.header ? frame.header->filename : ""});
  }
  if (!expected.frames.empty()) add(std::move(expected));
  if (right.terminal == TerminalState::kTruncated) add(step::Finish{});
  if (right.terminal != TerminalState::kClean) add(step::ExpectClosed{});
  return replay;
}

std::expected<StreamInput, std::string> to_stream_input(const Replay& replay) {
  if (!replay.dialect) return std::unexpected("the replay does not say its dialect");
  const auto send = only_send(replay);
  if (!send) return std::unexpected(send.error());
  static const step::Send kNothing{};
  const step::Send& sent = *send == nullptr ? kNothing : **send;
  const auto cuts = Segmentation::at(
      sent.bytes.size(), sent.arrival ? sent.arrival->cuts : std::vector<std::uint64_t>{});
  const auto is_meant = [&](const StreamInput& input) {
    return as_text(input.wire) == as_text(sent.bytes) && segmentation_of(input) == cuts &&
           is_same_on_the_wire(input.dialect, *replay.dialect);
  };
  // The words that it was made of, unless somebody has changed the rest since.
  const std::string& words = replay.origin.fuzz_input;
  const bool has_words = !words.empty() && is_text(words) && words.size() <= kFirstLineSizeMax;
  StreamInput original = input_of(words, sent.bytes);
  if (has_words && is_meant(original)) return original;
  const bool is_verified =
      has_words ? original.digest == DigestCheck::kVerify
                : replay.origin.fuzz_input.empty() && replay.dialect->header == HeaderKind::kJson;
  StreamInput input =
      input_of(words_of(*replay.dialect) + ' ' + words_of(cuts) + (is_verified ? " verify" : ""),
               sent.bytes);
  if (is_meant(input)) return input;
  return std::unexpected(
      "dialect and cuts do not fit into the first line of a fuzzer input, which "
      "has at most " +
      std::to_string(kFirstLineSizeMax) + " bytes");
}

std::string replay_text_of(Bytes input) { return to_ndjson(to_replay(parse_stream_input(input))); }

std::expected<ByteVector, std::string> input_file_of(Bytes replay_text) {
  const auto replay = parse_replay(as_text(replay_text));
  if (!replay) return std::unexpected(printable(to_string(replay.error())));
  const auto input = to_stream_input(*replay);
  if (!input) return std::unexpected(input.error());
  return format_stream_input(*input, std::numeric_limits<std::size_t>::max());
}

}  // namespace framespec::fuzz
