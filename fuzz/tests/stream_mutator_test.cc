// The mutator: deterministic, within its bounds, and with frames that are still frames.
#include "mutators/stream_mutator.h"

#include <gtest/gtest.h>

#include <string>

#include "framespec/transcript.h"
#include "input/frame_map.h"
#include "mutators/frame_parts.h"

namespace framespec::fuzz {
namespace {

using std::string_literals::operator""s;

/// Stands in for libFuzzer's own mutations: turns one bit over.
ByteMutator flip_a_bit(SplitMix64& random) {
  return [&random](ByteVector& bytes, std::size_t) {
    if (!bytes.empty()) bytes[random.below(bytes.size())] ^= std::byte(1U << random.below(8));
  };
}

StreamInput seed() {
  return parse_stream_input(as_bytes("int32 whole\n\x05\0\0\0hello\0\0\0\0\x02\0\0\0hi"s));
}

StreamInput mutant_of(StreamInput input, std::uint64_t number) {
  SplitMix64 random(number);
  StreamMutator(random, flip_a_bit(random)).mutate(input);
  return input;
}

TEST(StreamMutator, GivesTheSameForTheSameNumber) {
  for (std::uint64_t number = 0; number < 200; ++number) {
    EXPECT_EQ(format_stream_input(mutant_of(seed(), number), 10000),
              format_stream_input(mutant_of(seed(), number), 10000));
  }
}

TEST(StreamMutator, ChangesNearlyAlwaysSomething) {
  int unchanged = 0;
  const ByteVector before = format_stream_input(seed(), 10000);
  for (std::uint64_t number = 0; number < 1000; ++number) {
    if (format_stream_input(mutant_of(seed(), number), 10000) == before) ++unchanged;
  }
  EXPECT_LT(unchanged, 100);
}

TEST(StreamMutator, KeepsFramesInMostMutants) {
  int with_frames = 0;
  int with_errors = 0;
  int in_other_dialects = 0;
  StreamInput input = seed();
  for (std::uint64_t number = 0; number < 2000; ++number) {
    // Mutants of mutants, as in a corpus, but never far from a fresh start.
    input = mutant_of(number % 20 == 0 ? seed() : std::move(input), number);
    const Transcript transcript =
        transcribe(input.dialect, input.wire, Segmentation::whole(input.wire.size()), input.digest);
    if (!transcript.frames.empty()) ++with_frames;
    if (transcript.error) ++with_errors;
    if (input.dialect_word != "int32") ++in_other_dialects;
  }
  EXPECT_GT(with_frames, 1000);
  EXPECT_GT(with_errors, 300);
  EXPECT_GT(in_other_dialects, 500);
}

TEST(StreamMutator, ReachesBoundsWithinOfTheLimit) {
  const StreamInput start = parse_stream_input(as_bytes("int32,max9 whole\n\x05\0\0\0hello"s));
  bool is_maximum_seen = false;
  bool is_too_large_seen = false;
  for (std::uint64_t number = 0; number < 3000; ++number) {
    const StreamInput mutant = mutant_of(start, number);
    if (mutant.dialect_word != start.dialect_word) continue;
    const Transcript transcript =
        transcribe(mutant.dialect, mutant.wire, Segmentation::whole(mutant.wire.size()));
    for (const TranscriptFrame& frame : transcript.frames) {
      is_maximum_seen = is_maximum_seen || frame.payload.size() == 9;
    }
    is_too_large_seen =
        is_too_large_seen || (transcript.error && transcript.error->kind == ErrorKind::kTooLarge);
  }
  EXPECT_TRUE(is_maximum_seen);
  EXPECT_TRUE(is_too_large_seen);
}

TEST(StreamMutator, CrossesAtFrames) {
  const StreamInput first = seed();
  const StreamInput second = parse_stream_input(as_bytes("int32be cut_at-3\n\0\0\0\1A\0\0\0\1B"s));
  bool is_mixed = false;
  for (std::uint64_t number = 0; number < 200; ++number) {
    SplitMix64 random(number);
    const StreamInput child = StreamMutator(random, flip_a_bit(random)).cross(first, second);
    EXPECT_EQ(child.dialect_word, "int32");
    const Transcript transcript =
        transcribe(child.dialect, child.wire, Segmentation::whole(child.wire.size()));
    EXPECT_EQ(transcript.terminal, TerminalState::kClean) << to_string(transcript);
    is_mixed = is_mixed || (transcript.frames.size() > 1 &&
                            as_text(transcript.frames.front().payload) == "hello" &&
                            as_text(transcript.frames.back().payload) == "B");
  }
  EXPECT_TRUE(is_mixed);
}

TEST(FrameParts, GoTogetherAgain) {
  for (const auto& file :
       {"int32 whole\n\x05\0\0\0hello\xff\xff\xff\xffrest"s, "int32 whole\n\x05\0"s,
        "u1,tail0d0a whole\n\x01x\r\n\x02y"s, "int32 whole\n"s}) {
    const StreamInput input = parse_stream_input(as_bytes(file));
    EXPECT_EQ(put_together(take_apart(input.dialect, input.wire)), input.wire);
  }
}

TEST(FrameParts, RepairedAreAFrameWithTheRightDigest) {
  const Dialect& json = *find_dialect("json");
  FrameParts frame = frame_around(json, ByteVector(3, std::byte{'x'}));
  frame.payload.resize(7, std::byte{'y'});
  repair_header(json, frame);
  StreamParts parts;
  parts.frames.push_back(frame);
  const ByteVector wire = put_together(parts);
  const Transcript transcript =
      transcribe(json, wire, Segmentation::whole(wire.size()), DigestCheck::kVerify);
  EXPECT_EQ(transcript.terminal, TerminalState::kClean) << to_string(transcript);
  ASSERT_EQ(transcript.frames.size(), 1U);
  EXPECT_EQ(transcript.frames.front().payload, frame.payload);
}

}  // namespace
}  // namespace framespec::fuzz
