#include "runner/answers.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "framespec/dialect.h"

namespace framespec::conformance {
namespace {

using std::literals::operator""sv;

ByteVector bytes_of(std::string_view text) {
  const Bytes view = as_bytes(text);
  return {view.begin(), view.end()};
}

TEST(Answers, GathersFramesFromPieces) {
  Answers answers(*find_dialect("int32"));
  answers.add(as_bytes("\x02\0\0"sv));
  EXPECT_FALSE(answers.has_frame());
  EXPECT_EQ(answers.partial_size(), 3U);
  answers.add(as_bytes("\0hi\x01\0\0\0x\x05"sv));
  ASSERT_TRUE(answers.has_frame());
  EXPECT_EQ(as_text(answers.take()->payload), "hi");
  EXPECT_EQ(as_text(answers.take()->payload), "x");
  EXPECT_FALSE(answers.take().has_value());
  EXPECT_EQ(answers.partial_size(), 1U) << "the first byte of the next frame";
}

TEST(Answers, StopsAtWhatIsNoFrame) {
  Answers answers(*find_dialect("int32"));
  answers.add(as_bytes("\x01\0\0\0a\xff\xff\xff\xff"sv));
  EXPECT_TRUE(answers.has_frame()) << "the frame before the error counts";
  ASSERT_TRUE(answers.error().has_value());
  EXPECT_NE(answers.error()->find("negative_length"), std::string::npos) << *answers.error();
  answers.add(as_bytes("\x01\0\0\0b"sv));
  EXPECT_TRUE(answers.take().has_value());
  EXPECT_FALSE(answers.has_frame()) << "nothing behind the error counts";
}

TEST(Answers, ChecksTheDigestOfAJsonHeader) {
  Answers answers(*find_dialect("json"));
  const std::string_view header =
      R"({"filename": "a", "md5": "00000000000000000000000000000000", "total_size": 1})";
  const std::string frame = {static_cast<char>(header.size()), 0, 0, 0};
  answers.add(as_bytes(frame + std::string(header) + "x"));
  ASSERT_TRUE(answers.error().has_value());
  EXPECT_NE(answers.error()->find("digest_mismatch"), std::string::npos) << *answers.error();
}

TEST(Answers, ComparesABegunFrameAsItComes) {
  const ExpectedFrame expected{.payload = bytes_of("hello"), .lead = {}, .filename = {}};
  Answers answers(*find_dialect("int32"));
  answers.add(as_bytes("\x05\0\0\0he"sv));
  EXPECT_EQ(answers.cannot_become(expected), std::nullopt);
  answers.add(as_bytes("llo\x05\0\0\0"sv));
  EXPECT_EQ(answers.cannot_become(expected), std::nullopt) << "the first is whole";
  ASSERT_TRUE(answers.take().has_value());
  answers.add(as_bytes("h"sv));
  EXPECT_EQ(answers.cannot_become(expected), std::nullopt);
  answers.add(as_bytes("elx"sv));
  EXPECT_EQ(answers.cannot_become(expected),
            "the first 4 bytes of a frame, the first other byte at 3");
  EXPECT_EQ(answers.cannot_become(expected),
            "the first 4 bytes of a frame, the first other byte at 3")
      << "once more";
}

TEST(Answers, KnowsOfABegunFrameWhatItCannotBecome) {
  const ExpectedFrame expected{.payload = bytes_of("hello"), .lead = {}, .filename = {}};
  const auto begun = [&](std::string_view bytes) {
    Answers answers(*find_dialect("int32"));
    answers.add(as_bytes(bytes));
    return answers.cannot_become(expected);
  };
  EXPECT_EQ(begun(""), std::nullopt);
  EXPECT_EQ(begun("\x05\0\0"sv), std::nullopt) << "its length is not known";
  EXPECT_EQ(begun("\x05\0\0\0"sv), std::nullopt);
  EXPECT_EQ(begun("\x05\0\0\0hell"sv), std::nullopt);
  EXPECT_EQ(begun("\x05\0\0\0help"sv), "the first 4 bytes of a frame, the first other byte at 3");
  EXPECT_EQ(begun("\0\0\0\1h"sv), "the beginning of a frame of 16777216 bytes (00 00 00 01 68)");
  EXPECT_EQ(begun("\x05\0\0\0hello\x06\0\0\0"sv), std::nullopt) << "a whole one comes first";
}

TEST(Difference, IsNothingForTheExpectedFrameAndNamesTheFirstOtherByte) {
  const ExpectedFrame expected{.payload = bytes_of("hello"), .lead = {}, .filename = "f"};
  EXPECT_EQ(difference(expected, {.lead = {}, .filename = "f", .payload = bytes_of("hello")}),
            std::nullopt);
  EXPECT_EQ(difference(expected, {.lead = {}, .filename = "f", .payload = bytes_of("help!")}),
            "a frame of 5 bytes \"help!\", the first other byte at 3");
  EXPECT_EQ(difference(expected, {.lead = {}, .filename = "g", .payload = bytes_of("hello")}),
            "the right payload under the filename \"g\" instead of \"f\"");
}

TEST(Preview, ShortensAndFallsBackToHex) {
  EXPECT_EQ(preview(as_bytes("plain")), "\"plain\"");
  EXPECT_EQ(preview(as_bytes("\x01\xff"sv)), "01 ff");
  EXPECT_EQ(preview(as_bytes(std::string(100, 'a'))), "\"aaaaaaaaaaaa\" … \"aaaaaa\"");
}

TEST(Answers, OnStandardOutputArePayloadsInFramesOfAnotherDialect) {
  const auto observed = Observation::parse("stdout:int64");
  ASSERT_TRUE(observed.has_value()) << observed.error();
  Answers answers(*find_dialect("json"), *observed);
  answers.add(as_bytes("\x02\0\0\0\0\0\0\0hi"sv));
  ASSERT_TRUE(answers.has_frame());
  const ReceivedFrame frame = *answers.take();
  const ExpectedFrame expected{
      .payload = bytes_of("hi"), .lead = bytes_of("L"), .filename = "not shown"};
  EXPECT_EQ(answers.difference_from(expected, frame), std::nullopt);
  const ExpectedFrame other{.payload = bytes_of("ho"), .lead = {}, .filename = {}};
  EXPECT_TRUE(answers.difference_from(other, frame).has_value());
}

TEST(Answers, AreLinesOfHexHoweverTheyAreCut) {
  const auto observed = Observation::parse("stdout:hex");
  ASSERT_TRUE(observed.has_value()) << observed.error();
  const std::string_view text = "6869\n\n00Ff\n6";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    Answers answers(*find_dialect("int32"), *observed);
    answers.add(as_bytes(text.substr(0, cut)));
    answers.add(as_bytes(text.substr(cut)));
    ASSERT_TRUE(answers.has_frame()) << cut;
    EXPECT_EQ(as_text(answers.take()->payload), "hi") << cut;
    EXPECT_EQ(as_text(answers.take()->payload), "") << cut;
    EXPECT_EQ(as_text(answers.take()->payload), "\0\xff"sv) << cut;
    EXPECT_FALSE(answers.has_frame()) << cut;
    EXPECT_EQ(answers.partial_size(), 1U) << cut;
    EXPECT_FALSE(answers.error().has_value()) << cut;
  }
}

TEST(Answers, AreNoneWhereALineIsNotHex) {
  Answers answers(*find_dialect("int32"), *Observation::parse("stdout:hex"));
  answers.add(as_bytes("6869\nTraceback\n6869\n"sv));
  EXPECT_TRUE(answers.take().has_value());
  EXPECT_TRUE(answers.error().has_value());
  EXPECT_FALSE(answers.has_frame()) << "nothing behind the error counts";
}

TEST(Observation, IsReadByItsName) {
  EXPECT_EQ(Observation::parse("")->form, Observation::Form::kEcho);
  EXPECT_EQ(Observation::parse("echo")->form, Observation::Form::kEcho);
  EXPECT_EQ(Observation::parse("stdout")->frames->name, "int32");
  EXPECT_EQ(Observation::parse("exit")->form, Observation::Form::kExit);
  for (const char* const wrong : {"stdin", "stdouthex", "stdout:", "stdout:no_such_dialect"}) {
    EXPECT_FALSE(Observation::parse(wrong).has_value()) << wrong;
  }
}

}  // namespace
}  // namespace framespec::conformance
