// The format of fuzzer inputs: what is meant is read, and everything stands for something.
#include "input/stream_input.h"

#include <gtest/gtest.h>

#include <string>

#include "input/dialect_word.h"
#include "input/frame_map.h"

namespace framespec::fuzz {
namespace {

using std::string_literals::operator""s;

StreamInput parse(const std::string& file) { return parse_stream_input(as_bytes(file)); }

std::string wire_of(const StreamInput& input) { return std::string(as_text(input.wire)); }

TEST(StreamInput, IsOneLineThenTheWire) {
  const StreamInput input = parse("json cut_at-3 verify\nab\ncd");
  EXPECT_EQ(input.dialect.name, "json");
  EXPECT_EQ(segmentation_of(input).name(), "cut_at-3");
  EXPECT_EQ(input.digest, DigestCheck::kVerify);
  EXPECT_EQ(wire_of(input), "ab\ncd");
}

TEST(StreamInput, IsWrittenAsItWasRead) {
  for (const auto& file : {"int32 whole\nabc"s, "i3be,max9,zero cuts-1-2 verify\n\0\1\2"s}) {
    EXPECT_EQ(as_text(format_stream_input(parse(file), 1000)), file);
  }
}

TEST(StreamInput, WithoutALineIsAllWire) {
  const StreamInput input = parse("abc");
  EXPECT_EQ(input.dialect.name, "int32");
  EXPECT_EQ(segmentation_of(input).name(), "whole");
  EXPECT_EQ(wire_of(input), "abc");
}

TEST(StreamInput, IsReadWhateverTheFile) {
  for (const auto& file : {""s, "\n"s, " \n"s, "no-such-dialect no-such-cut\nabc"s, "\0\0\n\xff"s,
                           "int32\nabc"s, std::string(600, 'x') + "\n"}) {
    const StreamInput input = parse(file);
    EXPECT_TRUE(check_consistency(input.dialect)) << file;
    EXPECT_EQ(segmentation_of(input).stream_size(), input.wire.size()) << file;
  }
}

TEST(StreamInput, IsCutShortToTheSizeAllowed) {
  EXPECT_EQ(format_stream_input(parse("int32 whole\nabcdef"), 14).size(), 14U);
}

TEST(StreamInput, CutsBehindTheEndAreLeftOut) {
  EXPECT_EQ(segmentation_of(parse("int32 cuts-2-7-900\nabcdefgh")).name(), "cuts-2-7");
  EXPECT_EQ(segmentation_of(parse("int32 cut_at-8\nabcdefgh")).name(), "whole");
}

TEST(StreamInput, OtherNamesOfTheVocabularyAreUnderstood) {
  for (const auto& name : {"byte_by_byte"s, "chunk-2"s, "random-7"s}) {
    const StreamInput input = parse("int32 " + name + "\nabcdefgh");
    const auto expected = Segmentation::parse(name, 8);
    ASSERT_TRUE(expected) << expected.error();
    EXPECT_EQ(segmentation_of(input), *expected) << name;
  }
}

TEST(StreamInput, FramesNeedNotBeCounted) {
  const std::string frames = "\x01\0\0\0a\0\0\0\0\x01\0\0\0b"s;
  EXPECT_EQ(segmentation_of(parse("int32 coalesced-2\n" + frames)).explicit_cuts().name(),
            "cut_at-9");
}

TEST(StreamInput, IsExplainedWithItsSegmentsAndParts) {
  const std::string text = explain(parse("int32 cut_at-5\n\x02\0\0\0hi\0\0\0\0"s));
  EXPECT_NE(text.find("segment 0 at 0: 02 00 00 00 | 68\n"), text.npos) << text;
  EXPECT_NE(text.find("segment 1 at 5: 69 | 00 00 00 00\n"), text.npos) << text;
}

TEST(DialectWord, SaysWhatItReads) {
  const Dialect dialect =
      parse_dialect_word("u3le,lead9f01/f0ff,adj-4,unit2,min4,max100,nozero,tail0d0a");
  EXPECT_EQ(dialect.length.width, 3);
  EXPECT_EQ(dialect.length.order, ByteOrder::kLittle);
  EXPECT_EQ(dialect.length.adjustment, -4);
  EXPECT_EQ(dialect.length.unit, 2U);
  EXPECT_EQ(dialect.lead_mask, (ByteVector{std::byte{0xf0}, std::byte{0xff}}));
  EXPECT_EQ(dialect.payload_size_min, 4U);
  EXPECT_EQ(dialect.payload_size_max, 100U);
  EXPECT_EQ(dialect.zero, ZeroRule::kIllegal);
  EXPECT_EQ(dialect.trailer.size(), 2U);
  EXPECT_EQ(parse_dialect_word("int64,max7").payload_size_max, 7U);
  EXPECT_EQ(parse_dialect_word("i2be,json,hmax90,depth3").header_depth_max, 3U);
}

TEST(DialectWord, OfADrawnDialectReadsBackTheSame) {
  SplitMix64 random(1);
  for (int i = 0; i < 3000; ++i) {
    const std::string word = dialect_word_of(draw_dialect(random));
    EXPECT_EQ(dialect_word_of(parse_dialect_word(word)), word);
  }
}

TEST(DialectWord, OfAShippedDialectReadsBackTheSame) {
  for (const Dialect& dialect : shipped_dialects()) {
    const std::string word = dialect_word_of(dialect);
    EXPECT_EQ(dialect_word_of(parse_dialect_word(word)), word) << dialect.name;
    EXPECT_EQ(dialect_word_of(parse_dialect_word(dialect.name)), word);
  }
}

TEST(DialectWord, ThatCannotBeReadStandsForAConsistentDialect) {
  for (const auto& word : {""s, "?"s, "u9be"s, "u0"s, "v10,unit0"s, "int32,max"s, "u1,max999"s,
                           "u1,adj-99999999999999999999"s, "i4le,lead9"s, "i4le,tailzz"s}) {
    EXPECT_TRUE(check_consistency(parse_dialect_word(word))) << word;
    EXPECT_EQ(dialect_word_of(parse_dialect_word(word)), dialect_word_of(parse_dialect_word(word)));
  }
}

TEST(FrameMap, GoesAsFarAsTheFramesCanBeRead) {
  const StreamInput input = parse("int32 whole\n\x01\0\0\0a\x03\0\0\0b"s);
  const auto frames = map_frames(input.dialect, input.wire);
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_TRUE(frames[0].is_whole);
  EXPECT_EQ(frames[0].end, 5U);
  EXPECT_FALSE(frames[1].is_whole);
  EXPECT_EQ(frames[1].payload, 9U);
  EXPECT_EQ(frames[1].end, 10U);
}

}  // namespace
}  // namespace framespec::fuzz
