// Transcripts: comparing them, reading them, and finding where a deframer diverges.
#include "framespec/transcript.h"

#include <gtest/gtest.h>

#include <string>

namespace framespec {
namespace {

ByteVector bytes_of(std::string_view text) {
  const Bytes view = as_bytes(text);
  return {view.begin(), view.end()};
}

const Dialect& int32() { return *find_dialect("int32"); }

constexpr std::string_view kTwoFrames("\5\0\0\0hello\2\0\0\0hi", 15);

TranscriptFrame frame(std::uint64_t offset, std::string_view payload) {
  return {.offset = offset, .lead = {}, .header = std::nullopt, .payload = bytes_of(payload)};
}

Transcript transcript_of(std::vector<TranscriptFrame> frames) {
  Transcript transcript;
  transcript.frames = std::move(frames);
  return transcript;
}

TEST(TranscriptTest, BothLevelsTellTheSameOfTheSameStream) {
  const Bytes stream = as_bytes(kTwoFrames);
  const Transcript expected = transcript_of({frame(0, "hello"), frame(9, "hi")});
  EXPECT_TRUE(for_all(stream.size(), [&](const Segmentation& segmentation) {
    EXPECT_EQ(difference(expected, transcribe(int32(), stream, segmentation)), "")
        << segmentation.name();
    EXPECT_EQ(difference(expected, transcribe_events(int32(), stream, segmentation)), "")
        << segmentation.name();
    return true;
  }));
}

TEST(TranscriptTest, AFileNameOfThePeersCannotForgeALineOrACommandToTheTerminal) {
  Transcript transcript = transcript_of({frame(0, "x")});
  transcript.frames[0].header = JsonHeader{"a\"\\\n\x1b[2Jframe 1\xC3\xA9\xC2\x9B", "\n", 1};
  EXPECT_EQ(to_string(transcript),
            R"(frame 0 at byte 0: header (filename "a\"\\\x0a\x1b[2Jframe 1é\xc2\x9b", md5 \x0a, )"
            "total_size 1), payload of 1 byte: 78 |x|\nend: clean\n");
}

TEST(TranscriptTest, NotesWhenEachFrameWasDelivered) {
  const Bytes stream = as_bytes(kTwoFrames);
  const auto delivered = [&](const Segmentation& segmentation) {
    std::vector<std::uint64_t> at;
    for (const TranscriptFrame& entry : transcribe(int32(), stream, segmentation).frames) {
      at.push_back(entry.delivered_at);
    }
    return at;
  };
  EXPECT_EQ(delivered(Segmentation::whole(15)), (std::vector<std::uint64_t>{15, 15}));
  EXPECT_EQ(delivered(Segmentation::byte_by_byte(15)), (std::vector<std::uint64_t>{9, 15}));
  EXPECT_EQ(delivered(Segmentation::at(15, {10})), (std::vector<std::uint64_t>{10, 15}));
}

TEST(TranscriptTest, AnErrorBeforeTheEndIsARejectionAndATruncationIsNot) {
  const std::string negative("\1\0\0\0x\xff\xff\xff\xffrest", 13);
  Transcript transcript =
      transcribe(int32(), as_bytes(negative), Segmentation::whole(negative.size()));
  EXPECT_EQ(transcript.terminal, TerminalState::kRejected);
  ASSERT_TRUE(transcript.error);
  EXPECT_EQ(transcript.error->kind, ErrorKind::kNegativeLength);
  EXPECT_EQ(transcript.error->offset, 5U);
  EXPECT_EQ(transcript.frames.size(), 1U);

  transcript = transcribe(int32(), as_bytes(kTwoFrames.substr(0, 14)), Segmentation::whole(14));
  EXPECT_EQ(transcript.terminal, TerminalState::kTruncated);
  ASSERT_TRUE(transcript.error);
  EXPECT_EQ(transcript.error->kind, ErrorKind::kTruncated);
  EXPECT_EQ(transcript.error->offset, 14U);
}

TEST(TranscriptTest, ReadsLikeText) {
  Transcript transcript = transcript_of({frame(0, "hello"), frame(9, "")});
  transcript.frames[0].lead = bytes_of("\1");
  transcript.frames[0].header = JsonHeader{"a.txt", "5d41402abc4b2a76b9719d911017c592", 5};
  transcript.terminal = TerminalState::kRejected;
  transcript.error = Error{ErrorKind::kNegativeLength, 13, "the length is -1"};
  EXPECT_EQ(to_string(transcript),
            "frame 0 at byte 0: lead 01, header (filename \"a.txt\", md5 "
            "5d41402abc4b2a76b9719d911017c592, total_size 5), payload of 5 bytes: 68 65 6c 6c 6f "
            "|hello|\n"
            "frame 1 at byte 9: payload of 0 bytes\n"
            "end: rejected (negative_length at byte 13: the length is -1)\n");
}

TEST(TranscriptTest, StaysShortForLargePayloadsAndManyFrames) {
  Transcript transcript = transcript_of({frame(0, std::string(100'000, '\n'))});
  EXPECT_LT(to_string(transcript).size(), 250U);
  EXPECT_TRUE(to_string(transcript).contains("|........................|..."));
  transcript.frames.assign(1000, frame(0, "x"));
  EXPECT_TRUE(to_string(transcript).contains("... and 960 frames more\nend: clean\n"));
}

TEST(TranscriptTest, DifferenceNamesFrameAndOffset) {
  const Transcript expected = transcript_of({frame(0, "hello"), frame(9, "hi")});
  const auto told = [&](const Transcript& actual) { return difference(expected, actual); };

  EXPECT_EQ(told(expected), "");
  EXPECT_EQ(told(transcript_of({frame(0, "hello"), frame(9, "ho")})),
            "frame 1 at byte 9 payload byte 1 is 6f instead of 69");
  EXPECT_EQ(
      told(transcript_of({frame(0, "hell"), frame(8, "hi")})),
      "frame 0 at byte 0 has a payload of 4 bytes instead of 5; the first 4 bytes are the same");
  EXPECT_EQ(told(transcript_of({frame(0, "hello"), frame(8, "hi")})),
            "frame 1 at byte 9 starts at byte 8 instead");
  EXPECT_EQ(told(transcript_of({frame(0, "hello")})),
            "frame 1 at byte 9 is missing; the stream ended clean");
  EXPECT_EQ(told(transcript_of({frame(0, "hello"), frame(9, "hi"), frame(15, "!")})),
            "frame 2 at byte 15 should not be there: payload of 1 byte: 21 |!|");

  Transcript ended = expected;
  ended.terminal = TerminalState::kTruncated;
  ended.error = Error{ErrorKind::kTruncated, 15, "the stream ends in a frame"};
  EXPECT_EQ(told(ended),
            "after 2 frames the stream ended truncated (truncated at byte 15: the stream ends in a "
            "frame) instead of clean");

  Transcript with_lead = expected;
  with_lead.frames[1].lead = bytes_of("\1\2");
  EXPECT_EQ(difference(with_lead, expected), "frame 1 at byte 9 has lead  instead of 01 02");
  Transcript with_header = expected;
  with_header.frames[0].header = JsonHeader{"a", "b", 5};
  EXPECT_EQ(told(with_header),
            "frame 0 at byte 0 has the header (filename \"a\", md5 b, total_size 5) instead of no "
            "header");
}

TEST(TranscriptTest, DifferenceIsEmptyExactlyForEqualTranscripts) {
  Transcript expected = transcript_of({frame(0, "hello")});
  Transcript actual = expected;
  actual.bytes_held_max = 99;
  actual.bytes_copied = 5;
  actual.frames[0].delivered_at = 9;
  EXPECT_EQ(expected, actual);
  EXPECT_EQ(difference(expected, actual), "");
  expected.error = Error{ErrorKind::kTruncated, 1, "one"};
  actual.error = Error{ErrorKind::kTruncated, 1, "two"};
  EXPECT_NE(difference(expected, actual), "") << "the detail is part of the invariant";
}

TEST(TranscriptTest, LatenessIsJudgedAgainstTheSegmentThatCompletesTheFrame) {
  Transcript earliest = transcript_of({frame(0, "hello"), frame(9, "hi")});
  earliest.frames[0].delivered_at = 9;
  earliest.frames[1].delivered_at = 15;
  Transcript actual = earliest;
  actual.frames[0].delivered_at = 12;
  EXPECT_EQ(lateness(earliest, actual, Segmentation::at(15, {12})), "") << "due with byte 12";
  EXPECT_EQ(
      lateness(earliest, actual, Segmentation::at(15, {9, 12})),
      "frame 0 at byte 0 is complete after 9 bytes and was due after 9, but was not delivered "
      "before byte 12 had arrived");
  actual.frames[0].delivered_at = 0;
  EXPECT_EQ(lateness(earliest, actual, Segmentation::at(15, {9, 12})), "") << "not known";
}

// A deframer with one-byte lengths whose defects are chosen by the test.
class ToyDeframer final : public DeframerAdapter {
 public:
  struct Defects {
    bool one_frame_a_segment = false;  // the rest waits for the next segment
    bool hands_out_the_rest_at_end = false;
    bool leaves_single_bytes_untaken = false;
  };
  explicit ToyDeframer(Defects defects) : defects_(defects) {}

  std::expected<std::size_t, Error> receive(Bytes segment,
                                            std::vector<TranscriptFrame>& frames) override {
    if (defects_.leaves_single_bytes_untaken && segment.size() == 1) return std::size_t{0};
    buffer_.insert(buffer_.end(), segment.begin(), segment.end());
    while (take_frame(frames)) {
      if (defects_.one_frame_a_segment) break;
    }
    return segment.size();
  }

  std::expected<void, Error> finish(std::vector<TranscriptFrame>& frames) override {
    if (defects_.hands_out_the_rest_at_end) {
      while (take_frame(frames)) {
      }
    }
    if (buffer_.empty()) return {};
    return std::unexpected(
        Error{ErrorKind::kTruncated, offset_ + buffer_.size(), "inside a frame"});
  }

 private:
  bool take_frame(std::vector<TranscriptFrame>& frames) {
    if (buffer_.empty()) return false;
    const std::size_t size = std::to_integer<std::size_t>(buffer_[0]) + 1;
    if (buffer_.size() < size) return false;
    const auto end = buffer_.begin() + static_cast<std::ptrdiff_t>(size);
    frames.push_back({.offset = offset_,
                      .lead = {},
                      .header = std::nullopt,
                      .payload = {buffer_.begin() + 1, end}});
    buffer_.erase(buffer_.begin(), end);
    offset_ += size;
    return true;
  }

  Defects defects_;
  ByteVector buffer_;
  std::uint64_t offset_ = 0;
};

std::optional<Divergence> diverges(std::string_view stream, ToyDeframer::Defects defects) {
  return find_divergence(as_bytes(stream), [&](Bytes bytes, const Segmentation& segmentation) {
    ToyDeframer deframer(defects);
    return transcribe_with(deframer, bytes, segmentation);
  });
}

constexpr std::string_view kThreeToyFrames("\2ab\1c\0", 6);

TEST(FindDivergenceTest, ACorrectDeframerHasNone) {
  EXPECT_FALSE(diverges(kThreeToyFrames, {}));
  EXPECT_FALSE(diverges("", {}));
  EXPECT_FALSE(diverges("\5abc", {}));
}

TEST(FindDivergenceTest, OurDeframersHaveNone) {
  for (auto* const run : {&transcribe, &transcribe_events}) {
    EXPECT_FALSE(
        find_divergence(as_bytes(kTwoFrames), [&](Bytes stream, const Segmentation& segmentation) {
          return run(int32(), stream, segmentation, DigestCheck::kIgnore);
        }));
  }
}

TEST(FindDivergenceTest, FramesKeptBackUntilTheEndAreAStallOnTheUncutStream) {
  const auto divergence =
      diverges(kThreeToyFrames, {.one_frame_a_segment = true, .hands_out_the_rest_at_end = true});
  ASSERT_TRUE(divergence);
  EXPECT_EQ(divergence->segmentation.name(), "whole");
  EXPECT_EQ(divergence->unsplit.terminal, TerminalState::kStalled);
  EXPECT_EQ(divergence->unsplit.frames.size(), 3U);
}

TEST(FindDivergenceTest, FramesThatWaitForTheNextSegmentShowAgainstTheUncutStream) {
  const auto divergence = diverges(kThreeToyFrames, {.one_frame_a_segment = true});
  ASSERT_TRUE(divergence);
  EXPECT_EQ(divergence->unsplit.frames.size(), 1U);
  EXPECT_EQ(divergence->segmentation.cuts().size(), 1U) << "two segments give two frames";
  EXPECT_EQ(divergence->what.substr(0, 37), "frame 1 at byte 3 should not be there")
      << divergence->what;
}

TEST(FindDivergenceTest, BytesLeftUntakenAreAStallWithAMinimalSegmentation) {
  const auto divergence = diverges(kThreeToyFrames, {.leaves_single_bytes_untaken = true});
  ASSERT_TRUE(divergence);
  EXPECT_EQ(divergence->split.terminal, TerminalState::kStalled);
  EXPECT_EQ(divergence->segmentation.cuts().size(), 1U) << divergence->segmentation.name();
  EXPECT_EQ(divergence->split, [&] {
    ToyDeframer deframer({.leaves_single_bytes_untaken = true});
    return transcribe_with(deframer, as_bytes(kThreeToyFrames), divergence->segmentation);
  }());
}

// Understands every stream, but hands out the first frame a segment late under some segmentations.
TEST(FindDivergenceTest, AFrameDeliveredOneSegmentTooLateIsADivergence) {
  const auto late_after_a_cut_at_3 = [](Bytes stream, const Segmentation& segmentation) {
    ToyDeframer deframer({});
    Transcript transcript = transcribe_with(deframer, stream, segmentation);
    const auto cuts = segmentation.cuts();
    if (cuts.size() < 6 && cuts.size() > 1 && cuts[0] == 3) {
      transcript.frames[0].delivered_at = cuts[1];
    }
    return transcript;
  };
  const auto divergence =
      find_divergence(as_bytes(std::string_view("\2ab\1c\1d", 7)), late_after_a_cut_at_3);
  ASSERT_TRUE(divergence);
  EXPECT_EQ(divergence->segmentation.name(), "cuts-3-6");
  EXPECT_EQ(
      divergence->what,
      "frame 0 at byte 0 is complete after 3 bytes and was due after 3, but was not delivered "
      "before byte 6 had arrived");
}

}  // namespace
}  // namespace framespec
