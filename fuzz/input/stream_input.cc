#include "input/stream_input.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "input/dialect_word.h"
#include "input/frame_map.h"

namespace framespec::fuzz {
namespace {

std::string_view take_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
  const std::string_view word = line.substr(0, line.find(' '));
  line.remove_prefix(word.size());
  return word;
}

/// The numbers in `word` that are offsets between two bytes of the stream.
std::vector<std::uint64_t> cuts_in(std::string_view word, std::uint64_t stream_size) {
  std::vector<std::uint64_t> cuts;
  const char* at = word.data();
  const char* const end = at + word.size();
  while (at != end) {
    std::uint64_t cut = 0;
    const auto [last, error] = std::from_chars(at, end, cut);
    if (error == std::errc() && cut > 0 && cut < stream_size) cuts.push_back(cut);
    at = last == at ? at + 1 : last;
  }
  std::ranges::sort(cuts);
  const auto doubles = std::ranges::unique(cuts);
  cuts.erase(doubles.begin(), doubles.end());
  return cuts;
}

std::string spaced_hex_of(Bytes bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::byte value : bytes) {
    text += ' ';
    text += kDigits[std::to_integer<unsigned>(value) >> 4U];
    text += kDigits[std::to_integer<unsigned>(value) & 15U];
  }
  return text;
}

/// The bytes from `begin` to `end` with a '|' wherever a part of a frame begins.
std::string hex_with_bars(Bytes stream, std::size_t begin, std::size_t end,
                          const std::vector<std::size_t>& edges) {
  std::string text;
  for (auto edge = std::ranges::upper_bound(edges, begin); begin < end; ++edge) {
    const std::size_t stop = edge == edges.end() ? end : std::min(*edge, end);
    text += spaced_hex_of(stream.subspan(begin, stop - begin));
    if (stop < end) text += " |";
    begin = stop;
    if (edge == edges.end()) break;
  }
  return text;
}

std::vector<std::size_t> edges_of(const std::vector<FrameSpan>& frames) {
  std::vector<std::size_t> edges;
  for (const FrameSpan& frame : frames) {
    for (const std::size_t edge :
         {frame.begin, frame.length, frame.header, frame.payload, frame.trailer, frame.end}) {
      if (edges.empty() || edge > edges.back()) edges.push_back(edge);
    }
  }
  return edges;
}

}  // namespace

void StreamInput::set_dialect(std::string word) {
  dialect_word = std::move(word);
  dialect = parse_dialect_word(dialect_word);
}

StreamInput parse_stream_input(Bytes file) {
  StreamInput input;
  const std::string_view start = as_text(file.first(std::min(file.size(), kFirstLineSizeMax + 1)));
  const std::size_t line_size = start.find('\n');
  if (line_size == std::string_view::npos) {
    input.wire.assign(file.begin(), file.end());
    input.set_dialect("int32");
    return input;
  }
  std::string_view line = start.substr(0, line_size);
  std::string dialect_word(take_word(line));
  input.segmentation_word = take_word(line);
  if (take_word(line) == "verify") input.digest = DigestCheck::kVerify;
  input.set_dialect(std::move(dialect_word));
  const Bytes wire = file.subspan(line_size + 1);
  input.wire.assign(wire.begin(), wire.end());
  return input;
}

ByteVector format_stream_input(const StreamInput& input, std::size_t size_max) {
  std::string line = input.dialect_word + ' ' + input.segmentation_word;
  if (input.digest == DigestCheck::kVerify) line += " verify";
  line += '\n';
  const Bytes head = as_bytes(line);
  ByteVector file(head.begin(), head.end());
  file.insert(file.end(), input.wire.begin(), input.wire.end());
  if (file.size() > size_max) file.resize(size_max);
  return file;
}

Segmentation segmentation_of(const StreamInput& input) {
  const std::uint64_t size = input.wire.size();
  const std::string_view word = input.segmentation_word;
  std::vector<std::uint64_t> frame_ends;
  if (word.starts_with("coalesced") || word == "straddled") {
    for (const FrameSpan& frame : map_frames(input.dialect, input.wire)) {
      if (frame.is_whole) frame_ends.push_back(frame.end);
    }
  }
  // The cuts themselves are read leniently, as the wire behind them may have been cut short.
  if (!word.starts_with("cut")) {
    if (auto segmentation = Segmentation::parse(word, size, frame_ends)) {
      return *std::move(segmentation);
    }
  }
  return Segmentation::at(size, cuts_in(word, size));
}

std::string explain(const StreamInput& input) {
  const Segmentation segmentation = segmentation_of(input);
  const std::vector<std::size_t> edges = edges_of(map_frames(input.dialect, input.wire));
  std::string text = "dialect       " + dialect_word_of(input.dialect) + "   (" +
                     input.dialect_word + ")\nsegmentation  " + segmentation.name() + ", " +
                     std::to_string(segmentation.segment_count()) + " segments, " +
                     std::to_string(input.wire.size()) + " bytes\ndigest        " +
                     (input.digest == DigestCheck::kVerify ? "verified" : "ignored") + '\n';
  std::size_t begin = 0;
  for (std::size_t i = 0; i < segmentation.segment_count(); ++i) {
    const std::size_t size = segmentation.segment(input.wire, i).size();
    text += "segment " + std::to_string(i) + " at " + std::to_string(begin) + ":" +
            hex_with_bars(input.wire, begin, begin + size, edges) + '\n';
    begin += size;
  }
  return text;
}

}  // namespace framespec::fuzz
