// A fuzzer input that is a stream: which dialect, how it is cut, and the bytes on the wire.
//
//   int32 cut_at-3 verify⏎ 05 00 00 00 68 65 6c 6c 6f …
//
// One line of text, then the wire bytes as they are; docs/fuzzing.md, "The input format", has the
// rules. Every file is an input: what cannot be read as meant stands for something all the same.
#pragma once

#include <string>
#include <string_view>

#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "framespec/event_deframer.h"
#include "framespec/segmentation.h"

namespace framespec::fuzz {

/// Longest first line, its line feed not counted.
inline constexpr std::size_t kFirstLineSizeMax = 512;

struct StreamInput {
  std::string dialect_word = "int32";  ///< see dialect_word.h
  std::string segmentation_word = "whole";
  DigestCheck digest = DigestCheck::kIgnore;
  ByteVector wire;

  Dialect dialect;  ///< what dialect_word stands for; set_dialect() keeps the two together
  void set_dialect(std::string word);
};

/// Reads an input. A file without a line feed in its first 513 bytes is all wire, in int32, uncut.
StreamInput parse_stream_input(Bytes file);

/// The input as a file; parse_stream_input reads it back. `wire` is cut short at `size_max` bytes
/// in all.
ByteVector format_stream_input(const StreamInput& input, std::size_t size_max);

/// What segmentation_word means for this stream: a name of segmentation.h, where cuts at or beyond
/// the end are left out. `coalesced-N` and `straddled` go by the frames that map_frames() finds.
/// Any other word stands for the cuts at the numbers in it.
Segmentation segmentation_of(const StreamInput& input);

/// For people: the dialect, then each segment in hexadecimal with '|' between the parts of a frame.
std::string explain(const StreamInput& input);

}  // namespace framespec::fuzz
