#include "report/replay_stream.h"

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "framespec/prefix.h"
#include "framespec/segmentation.h"

namespace framespec::conformance {
namespace {

constexpr std::size_t kUnitSizeMax = 32;
// Shorter ones are as well said in full.
constexpr std::size_t kRepeatedSizeMin = 256;

FramePlace place_of(const Dialect& dialect, const ReplayStream& stream,
                    const TranscriptFrame& frame) {
  FramePlace place{.begin = frame.offset};
  const auto prefix = decode_prefix(dialect, Bytes(stream.bytes).subspan(frame.offset));
  // It was read once before it became a frame.
  if (!prefix || !*prefix) return place;
  place.payload = frame.offset + (*prefix)->size;
  if (dialect.header == HeaderKind::kJson) place.payload += (*prefix)->body_size;
  place.trailer = place.payload + frame.payload.size();
  place.end = place.trailer + dialect.trailer.size();
  return place;
}

void add_send(ReplayStream& stream, const step::Send& send) {
  const std::uint64_t begin = stream.bytes.size();
  if (begin > 0 && !send.bytes.empty()) stream.cuts.push_back(begin);
  if (send.arrival) {
    for (const std::uint64_t cut : send.arrival->cuts) stream.cuts.push_back(begin + cut);
  }
  stream.bytes.insert(stream.bytes.end(), send.bytes.begin(), send.bytes.end());
}

/// How many bytes from `at` on repeat those that stand `period` before them.
std::size_t repeated_from(Bytes bytes, std::size_t at, std::size_t period) {
  std::size_t end = at + period;
  while (end < bytes.size() && bytes[end] == bytes[end - period]) ++end;
  return end - at;
}

}  // namespace

std::vector<ReplayStream> streams_of(const Replay& replay, const Dialect& dialect) {
  std::vector<ReplayStream> streams;
  std::map<std::string, std::size_t> places;
  for (const Step& step : replay.steps) {
    const auto* send = std::get_if<step::Send>(&step.action);
    const auto* expected = std::get_if<step::ExpectFrames>(&step.action);
    if (send == nullptr && expected == nullptr) continue;
    const auto [found, is_new] = places.try_emplace(step.connection, streams.size());
    if (is_new) {
      streams.push_back({.connection = step.connection,
                         .bytes = {},
                         .cuts = {},
                         .answers = {},
                         .right = {},
                         .places = {}});
    }
    ReplayStream& stream = streams[found->second];
    if (send != nullptr) add_send(stream, *send);
    if (expected != nullptr) {
      std::ranges::copy(expected->frames, std::back_inserter(stream.answers));
    }
  }
  for (ReplayStream& stream : streams) {
    stream.right = without_detail(transcribe(
        dialect, stream.bytes, Segmentation::whole(stream.bytes.size()), DigestCheck::kVerify));
    for (const TranscriptFrame& frame : stream.right.frames) {
      stream.places.push_back(place_of(dialect, stream, frame));
    }
  }
  return streams;
}

std::expected<void, std::string> check_answers(const ReplayStream& stream) {
  const auto is_right = [](const TranscriptFrame& frame, const step::ExpectedFrame& answer) {
    return frame.payload == answer.payload && frame.lead == answer.lead &&
           (frame.header ? frame.header->filename : "") == answer.filename;
  };
  if (std::ranges::equal(stream.right.frames, stream.answers, is_right)) return {};
  return std::unexpected("on the connection \"" + stream.connection +
                         "\" it expects other answers than SPEC.md has of these bytes in its "
                         "dialect");
}

std::vector<Repetition> repetitions_of(Bytes bytes) {
  std::vector<Repetition> found;
  std::size_t literal = 0;
  // Of too many to be shown nobody wants to know how they repeat: looking takes its time.
  std::size_t looked_at = 0;
  const auto end_literal = [&](std::size_t end) {
    if (end > literal) found.push_back({.unit = bytes.subspan(literal, end - literal)});
  };
  for (std::size_t at = 0; at < bytes.size() && looked_at <= kShownBytesMax;) {
    std::size_t longest = 0;
    std::size_t period = 1;
    for (std::size_t tried = 1; tried <= std::min(kUnitSizeMax, bytes.size() - at); ++tried) {
      const std::size_t size = repeated_from(bytes, at, tried);
      // What repeats one byte also repeats two.
      if (size >= kRepeatedSizeMin && size / tried >= 2) {
        longest = size;
        period = tried;
        break;
      }
    }
    if (longest == 0) {
      ++at;
      ++looked_at;
      continue;
    }
    end_literal(at);
    found.push_back({.unit = bytes.subspan(at, period), .times = longest / period});
    at += longest / period * period;
    literal = at;
  }
  end_literal(bytes.size());
  return found;
}

std::string name_of_cuts(std::uint64_t stream_size, const std::vector<std::uint64_t>& cuts) {
  const auto segmentation = Segmentation::at(stream_size, cuts);
  if (cuts.size() > 1 && segmentation == Segmentation::byte_by_byte(stream_size)) {
    return "byte_by_byte";
  }
  return segmentation.explicit_cuts().name();
}

}  // namespace framespec::conformance
