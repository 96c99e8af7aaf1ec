// The names of segmentations, and the cuts they stand for.
#include "framespec/segmentation.h"

#include <gtest/gtest.h>

#include "framespec/splitmix64.h"

namespace framespec {
namespace {

using Offsets = std::vector<std::uint64_t>;

Offsets cuts_of(const Segmentation& segmentation) {
  return {segmentation.cuts().begin(), segmentation.cuts().end()};
}

// The cuts that `name` stands for; fails the test if it is not understood.
Offsets parsed(std::string_view name, std::uint64_t stream_size, const Offsets& frame_ends = {}) {
  const auto segmentation = Segmentation::parse(name, stream_size, frame_ends);
  if (!segmentation) {
    ADD_FAILURE() << segmentation.error();
    return {};
  }
  return cuts_of(*segmentation);
}

std::string parse_error(std::string_view name, std::uint64_t stream_size,
                        const Offsets& frame_ends = {}) {
  const auto segmentation = Segmentation::parse(name, stream_size, frame_ends);
  return segmentation ? "understood as " + segmentation->explicit_cuts().name()
                      : segmentation.error();
}

TEST(SegmentationTest, EveryNameOfTheVocabularyStandsForItsCuts) {
  EXPECT_EQ(parsed("whole", 10), Offsets{});
  EXPECT_EQ(parsed("cut_at-7", 10), Offsets{7});
  EXPECT_EQ(parsed("cuts-3-9", 10), (Offsets{3, 9}));
  EXPECT_EQ(parsed("chunk-5", 13), (Offsets{5, 10}));
  EXPECT_EQ(parsed("byte_by_byte", 4), (Offsets{1, 2, 3}));
  EXPECT_EQ(parsed("coalesced-2", 30, {6, 12, 18, 24, 30}), (Offsets{12, 24}));
  EXPECT_EQ(parsed("straddled", 30, {6, 12, 13, 30}), (Offsets{3, 9, 21}));
}

TEST(SegmentationTest, TheFirstAndLastPossibleCutAreLegal) {
  EXPECT_EQ(parsed("cut_at-1", 10), Offsets{1});
  EXPECT_EQ(parsed("cut_at-9", 10), Offsets{9});
}

TEST(SegmentationTest, ChunksThatDivideTheStreamLeaveNoEmptySegment) {
  EXPECT_EQ(parsed("chunk-5", 10), Offsets{5});
  EXPECT_EQ(parsed("chunk-10", 10), Offsets{});
  EXPECT_EQ(parsed("chunk-11", 10), Offsets{});
}

TEST(SegmentationTest, AnEmptyStreamHasNoSegments) {
  for (const std::string_view name :
       {"whole", "chunk-1", "byte_by_byte", "random-1", "straddled", "coalesced-1"}) {
    const auto segmentation = Segmentation::parse(name, 0);
    ASSERT_TRUE(segmentation) << segmentation.error();
    EXPECT_EQ(segmentation->segment_count(), 0U) << name;
    EXPECT_EQ(*segmentation, Segmentation::whole(0)) << name;
  }
}

TEST(SegmentationTest, AStreamOfOneByteHasOneSegmentWhateverTheName) {
  for (const std::string_view name : {"whole", "chunk-1", "byte_by_byte", "random-1"}) {
    const auto segmentation = Segmentation::parse(name, 1);
    ASSERT_TRUE(segmentation) << segmentation.error();
    EXPECT_EQ(segmentation->segment_count(), 1U) << name;
  }
  EXPECT_EQ(parse_error("cut_at-1", 1), "\"cut_at-1\": a stream of 1 bytes cannot be cut");
}

TEST(SegmentationTest, SegmentsAreViewsThatJoinToTheStream) {
  const std::string text = "the quick brown fox";
  const Bytes stream = as_bytes(text);
  for_thorough(stream.size(), {}, [&](const Segmentation& segmentation) {
    std::string joined;
    for (std::size_t index = 0; index < segmentation.segment_count(); ++index) {
      const Bytes segment = segmentation.segment(stream, index);
      EXPECT_FALSE(segment.empty()) << segmentation.name();
      EXPECT_EQ(segment.data(), stream.data() + joined.size()) << segmentation.name();
      joined += as_text(segment);
    }
    EXPECT_EQ(joined, text) << segmentation.name();
    return true;
  });
}

TEST(SegmentationTest, EveryProducedNameParsesBackToAnEqualSegmentation) {
  const Offsets frame_ends{4, 5, 11, 17};
  const auto parses_back = [&](const Segmentation& segmentation) {
    const auto parsed_back =
        Segmentation::parse(segmentation.name(), segmentation.stream_size(), frame_ends);
    if (!parsed_back) {
      ADD_FAILURE() << parsed_back.error();
      return false;
    }
    EXPECT_EQ(*parsed_back, segmentation) << segmentation.name();
    EXPECT_EQ(parsed_back->name(), segmentation.name());
    const auto explicit_back =
        Segmentation::parse(segmentation.explicit_cuts().name(), segmentation.stream_size());
    EXPECT_TRUE(explicit_back && *explicit_back == segmentation) << segmentation.name();
    return true;
  };
  EXPECT_TRUE(for_thorough(17, {.frame_ends = frame_ends}, parses_back));
  EXPECT_TRUE(for_every_pair_of_cuts(17, parses_back));
  EXPECT_TRUE(for_random(17, 18446744073709551615U, 3, parses_back));
}

TEST(SegmentationTest, SegmentationsAreEqualByTheirCutsNotByTheirNames) {
  EXPECT_EQ(Segmentation::chunks(7, 5), Segmentation::at(7, {5}));
  EXPECT_FALSE(Segmentation::at(7, {5}) == Segmentation::at(8, {5}));
  EXPECT_EQ(Segmentation::at(7, {}).name(), "whole");
  EXPECT_EQ(Segmentation::chunks(7, 5).explicit_cuts().name(), "cut_at-5");
}

TEST(SegmentationTest, WrongNamesAreExplained) {
  const std::pair<std::string_view, std::string_view> expectations[] = {
      {"", R"("": is not a segmentation; known are whole, cut_at-N, cuts-N-M-..., chunk-N, )"
           "byte_by_byte, random-SEED, coalesced-N, straddled"},
      {"whole-1",
       R"("whole-1": is not a segmentation; known are whole, cut_at-N, cuts-N-M-..., chunk-N, )"
       "byte_by_byte, random-SEED, coalesced-N, straddled"},
      {"cut_at-0", "\"cut_at-0\": a cut at 0 is outside of the stream; 1 to 9 are allowed"},
      {"cut_at-10", "\"cut_at-10\": a cut at 10 is outside of the stream; 1 to 9 are allowed"},
      {"cut_at-3-4", "\"cut_at-3-4\": cut_at has one cut; for several write cuts-N-M"},
      {"cut_at-",
       "\"cut_at-\": \"\" is not a number; decimal digits without sign or leading zero "
       "are needed"},
      {"cut_at-07",
       "\"cut_at-07\": \"07\" is not a number; decimal digits without sign or leading "
       "zero are needed"},
      {"cut_at-+7",
       "\"cut_at-+7\": \"+7\" is not a number; decimal digits without sign or leading "
       "zero are needed"},
      {"cut_at-18446744073709551616",
       "\"cut_at-18446744073709551616\": the number \"18446744073709551616\" does not fit in 64 "
       "bits"},
      {"cuts-3-3", "\"cuts-3-3\": the cuts must ascend, but 3 comes after 3"},
      {"cuts-9-3", "\"cuts-9-3\": the cuts must ascend, but 3 comes after 9"},
      {"chunk-0", "\"chunk-0\": chunks have at least 1 byte"},
      {"random--1",
       "\"random--1\": \"-1\" is not a number; decimal digits without sign or leading "
       "zero are needed"},
      {"coalesced-0", "\"coalesced-0\": there is at least 1 frame in a segment"},
      {"coalesced-1",
       "\"coalesced-1\": this needs to know where the frames end, and no frame ends "
       "are known for this stream"},
      {"straddled",
       "\"straddled\": this needs to know where the frames end, and no frame ends are "
       "known for this stream"},
  };
  for (const auto& [name, message] : expectations) EXPECT_EQ(parse_error(name, 10), message);
}

TEST(SegmentationTest, FrameEndsThatDoNotFitTheStreamAreRefused) {
  const std::string message =
      "\"straddled\": the frame ends must ascend, from above 0 to at most the stream's 10 bytes";
  EXPECT_EQ(parse_error("straddled", 10, {4, 4}), message);
  EXPECT_EQ(parse_error("straddled", 10, {0, 4}), message);
  EXPECT_EQ(parse_error("straddled", 10, {4, 11}), message);
}

TEST(SegmentationTest, AHugeWrongNameIsNotQuotedWhole) {
  EXPECT_LT(parse_error(std::string(1'000'000, 'x'), 10).size(), 300U);
  EXPECT_LT(parse_error("cut_at-" + std::string(1'000'000, '9'), 10).size(), 300U);
}

TEST(SegmentationTest, StreamsOfAnySizeHaveNamesAsLongAsTheCutsFitInMemory) {
  const std::uint64_t huge = std::uint64_t{1} << 63U;
  EXPECT_EQ(parsed("whole", huge), Offsets{});
  EXPECT_EQ(parsed("cut_at-9223372036854775807", huge), Offsets{9223372036854775807U});
  EXPECT_EQ(parsed("chunk-4611686018427387904", huge), Offsets{4611686018427387904U});
  EXPECT_EQ(parsed("chunk-18446744073709551614", 18446744073709551615U),
            Offsets{18446744073709551614U});
  EXPECT_EQ(parse_error("byte_by_byte", huge),
            "\"byte_by_byte\": a stream of 9223372036854775808 bytes would have more than 33554432 "
            "cuts; chunks of 274877898753 bytes or more are allowed");
  EXPECT_EQ(parse_error("chunk-1000", huge),
            "\"chunk-1000\": a stream of 9223372036854775808 bytes would have more than 33554432 "
            "cuts; chunks of 274877898753 bytes or more are allowed");
  EXPECT_LE(parsed("random-5", huge).size(), 1'000'000U);
}

TEST(SegmentationTest, TheSmallestChunkIsJustLargeEnough) {
  EXPECT_EQ(Segmentation::smallest_chunk(0), 1U);
  EXPECT_EQ(Segmentation::smallest_chunk(kCutCountMax + 1), 1U);
  EXPECT_EQ(Segmentation::smallest_chunk(kCutCountMax + 2), 2U);
  EXPECT_EQ(Segmentation::smallest_chunk(2 * (kCutCountMax + 1)), 2U);
  EXPECT_EQ(Segmentation::smallest_chunk(2 * (kCutCountMax + 1) + 1), 3U);
}

TEST(SegmentationTest, CoalescedCountsBytesBehindTheLastFrameAsAFrame) {
  const Offsets frame_ends{4, 8, 12};
  EXPECT_EQ(parsed("coalesced-1", 15, frame_ends), (Offsets{4, 8, 12}));
  EXPECT_EQ(parsed("coalesced-2", 15, frame_ends), Offsets{8});
  EXPECT_EQ(parsed("coalesced-3", 15, frame_ends), Offsets{12});
  EXPECT_EQ(parsed("coalesced-18446744073709551615", 15, frame_ends), Offsets{});
}

// A failure is repeated by its seed, on another machine and in a later version: these must not
// change.
TEST(SegmentationTest, RandomCutsArePinned) {
  EXPECT_EQ(Segmentation::random(100, 0).explicit_cuts().name(),
            "cuts-1-2-3-4-6-9-12-14-15-21-24-29-30-34-36-37-41-42-43-44-45-53-54-55-62-6"
            "3-68-69-75-78-79-80-82-83-90-92-99");
  EXPECT_EQ(Segmentation::random(100, 1).explicit_cuts().name(),
            "cuts-4-9-14-19-21-22-23-24-36-37-47-51-54-66-68-69-70-74-75-78-80-92-93-94-95");
  EXPECT_EQ(Segmentation::random(100, 42).explicit_cuts().name(),
            "cuts-1-2-4-7-8-17-24-25-26-27-29-32-58-84-97-98-99");
  EXPECT_EQ(Segmentation::random(1'000'000'000'000, 5).explicit_cuts().name().substr(0, 80),
            "cuts-1628-3187-1831597742-1868293495-2124563131-2209020934-2270688368-2270690162");
}

TEST(SegmentationTest, EveryRandomSegmentationOfTwoBytesOrMoreIsCut) {
  for (const std::uint64_t size : {2U, 3U, 4U, 5U, 17U, 4096U, 4097U, 100000U}) {
    EXPECT_TRUE(for_random(size, 1, 200, [&](const Segmentation& segmentation) {
      EXPECT_GE(segmentation.segment_count(), 2U) << segmentation.name() << " of " << size;
      return true;
    }));
  }
}

TEST(SegmentationTest, RandomSeedsReachEveryCutOfAShortStream) {
  std::vector<int> seen(64, 0);
  for_random(64, 1, 200, [&](const Segmentation& segmentation) {
    for (const std::uint64_t cut : segmentation.cuts()) ++seen[cut];
    return true;
  });
  for (std::size_t cut = 1; cut < seen.size(); ++cut) EXPECT_GT(seen[cut], 0) << cut;
}

// The figures published with the generator's description.
TEST(SplitMix64Test, GivesThePublishedSequence) {
  SplitMix64 generator(1234567);
  EXPECT_EQ(generator.next(), 6457827717110365317U);
  EXPECT_EQ(generator.next(), 3203168211198807973U);
  EXPECT_EQ(generator.next(), 9817491932198370423U);
  EXPECT_EQ(generator.next(), 4593380528125082431U);
  EXPECT_EQ(generator.next(), 16408922859458223821U);
}

TEST(SplitMix64Test, BelowReachesEveryNumberAndNoOther) {
  SplitMix64 generator(7);
  std::vector<int> seen(5, 0);
  for (int draw = 0; draw < 1000; ++draw) ++seen.at(generator.below(5));
  for (const int count : seen) EXPECT_NEAR(count, 200, 60);
  EXPECT_EQ(generator.below(1), 0U);
}

}  // namespace
}  // namespace framespec
