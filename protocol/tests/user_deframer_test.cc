// How to test a deframer of your own with this library (docs/testing-your-deframer.md): a small one
// for four-byte big-endian lengths, and what the library says of the mistakes that such deframers
// have.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "framespec/encoder.h"
#include "framespec/transcript.h"

namespace {

// ---- The deframer under test, as somebody might have written it. It knows nothing of framespec.

enum class Mistake {
  kNone,
  kPrefixFromOneRead,        // takes what the first read of a prefix gave for all of it
  kLeftoversLost,            // drops what came behind a frame in the same read
  kOneFrameEachRead,         // looks at the buffer once for each read
  kWaitsForOneMoreByte,      // "more than" where "at least" was meant
  kForgetsPrefixAfterThree,  // loses its place when a read ends after the third byte of a prefix
  kEmptyMeansEnd,            // takes a length of 0 for the end of the stream
  kNegativeIsUnsigned,       // reads the length as unsigned: -1 is a very long frame
  kEndInsideFrameIsFine,     // does not look whether something is left at the end
};

class MyDeframer {
 public:
  explicit MyDeframer(Mistake mistake) : mistake_(mistake) {}

  // Takes one read, gives the payloads that are now whole. False: the stream is broken.
  bool feed(const char* data, std::size_t size, std::vector<std::string>& payloads) {
    if (ended_) return true;
    if (mistake_ == Mistake::kPrefixFromOneRead && buffer_.empty() && size < 4) {
      buffer_.append(4 - size, '\0');  // as an int read with one recv() that gave less
    }
    const std::size_t had = buffer_.size();
    buffer_.append(data, size);
    if (mistake_ == Mistake::kForgetsPrefixAfterThree && had < 3 && buffer_.size() == 3) {
      buffer_.erase(0, 1);
    }
    while (take_frame(payloads)) {
      if (mistake_ == Mistake::kOneFrameEachRead) break;
      if (mistake_ == Mistake::kLeftoversLost) buffer_.clear();
    }
    return !broken_;
  }

  // The stream has ended. False: inside a frame.
  bool end() const { return buffer_.empty() || mistake_ == Mistake::kEndInsideFrameIsFine; }

 private:
  bool take_frame(std::vector<std::string>& payloads) {
    if (buffer_.size() < 4 || ended_) return false;
    std::uint32_t length = 0;
    for (int index = 0; index < 4; ++index) {
      length = length << 8U | static_cast<unsigned char>(buffer_[static_cast<std::size_t>(index)]);
    }
    if (length > 0x7FFFFFFFU && mistake_ != Mistake::kNegativeIsUnsigned) {
      broken_ = true;
      return false;
    }
    if (length == 0 && mistake_ == Mistake::kEmptyMeansEnd) {
      ended_ = true;
      buffer_.clear();
      return false;
    }
    const std::uint64_t needed =
        std::uint64_t{4} + length + (mistake_ == Mistake::kWaitsForOneMoreByte ? 1 : 0);
    if (buffer_.size() < needed) return false;
    payloads.push_back(buffer_.substr(4, length));
    buffer_.erase(0, 4 + std::size_t{length});
    return true;
  }

  Mistake mistake_;
  std::string buffer_;
  bool broken_ = false;
  bool ended_ = false;
};

// ---- What connects it to framespec.

class MyDeframerAdapter final : public framespec::DeframerAdapter {
 public:
  explicit MyDeframerAdapter(Mistake mistake) : deframer_(mistake) {}

  std::expected<std::size_t, framespec::Error> receive(
      framespec::Bytes segment, std::vector<framespec::TranscriptFrame>& frames) override {
    const std::string_view text = framespec::as_text(segment);
    std::vector<std::string> payloads;
    received_ += segment.size();
    const bool is_sound = deframer_.feed(text.data(), text.size(), payloads);
    for (const std::string& payload : payloads) {
      const framespec::Bytes bytes = framespec::as_bytes(payload);
      frames.push_back({.offset = offset_,
                        .lead = {},
                        .header = std::nullopt,
                        .payload = {bytes.begin(), bytes.end()}});
      offset_ += 4 + payload.size();
    }
    if (is_sound) return segment.size();
    return std::unexpected(
        framespec::Error{framespec::ErrorKind::kNegativeLength, offset_, "a negative length"});
  }

  std::expected<void, framespec::Error> finish(
      std::vector<framespec::TranscriptFrame>& /*frames*/) override {
    if (deframer_.end()) return {};
    return std::unexpected(
        framespec::Error{framespec::ErrorKind::kTruncated, received_, "inside a frame"});
  }

 private:
  MyDeframer deframer_;
  std::uint64_t offset_ = 0;    // of the next frame: this deframer does not count for itself
  std::uint64_t received_ = 0;  // where a truncated stream ends
};

framespec::DeframerUnderTest deframer_with(Mistake mistake) {
  return [mistake](framespec::Bytes stream, const framespec::Segmentation& segmentation) {
    MyDeframerAdapter adapter(mistake);  // a fresh one for each run
    return framespec::transcribe_with(adapter, stream, segmentation);
  };
}

// ---- The tests.

const framespec::Dialect& dialect() { return *framespec::find_dialect("int32be"); }

framespec::ByteVector stream_of(const std::vector<std::string>& payloads) {
  framespec::ByteVector stream;
  for (const std::string& payload : payloads) {
    EXPECT_TRUE(framespec::append_frame(stream, dialect(), framespec::as_bytes(payload)));
  }
  return stream;
}

// 1. Does it understand the uncut stream as the reference does? Empty if so.
std::string difference_from_reference(Mistake mistake, framespec::Bytes stream) {
  const auto whole = framespec::Segmentation::whole(stream.size());
  const framespec::Transcript expected = framespec::transcribe(dialect(), stream, whole);
  const framespec::Transcript actual = deframer_with(mistake)(stream, whole);
  return framespec::difference(framespec::without_detail(expected),
                               framespec::without_detail(actual));
}

// 2. Does it understand the stream alike however it is cut? The smallest segmentation if it does
// not.
std::string divergence_of(Mistake mistake, framespec::Bytes stream) {
  const auto divergence = framespec::find_divergence(stream, deframer_with(mistake));
  return divergence ? divergence->segmentation.name() + ": " + divergence->what : "";
}

TEST(UserDeframerTest, ACorrectDeframerPasses) {
  const auto good = stream_of({"hello", "", "hi"});
  auto negative = good;
  negative.insert(negative.end(), 4, std::byte{0xFF});
  for (const auto& stream :
       {good, negative, stream_of({std::string(3000, 'x'), "y"}), framespec::ByteVector{}}) {
    EXPECT_EQ(difference_from_reference(Mistake::kNone, stream), "");
    EXPECT_EQ(divergence_of(Mistake::kNone, stream), "");
    if (stream.empty()) continue;
    const framespec::Bytes cut_short = framespec::Bytes(stream).first(stream.size() - 1);
    EXPECT_EQ(difference_from_reference(Mistake::kNone, cut_short), "");
    EXPECT_EQ(divergence_of(Mistake::kNone, cut_short), "");
  }
}

TEST(UserDeframerTest, APrefixTakenFromOneReadFailsUnderOneCutInsideIt) {
  const auto stream = stream_of({"hello", "hi"});
  EXPECT_EQ(difference_from_reference(Mistake::kPrefixFromOneRead, stream), "") << "whole it works";
  EXPECT_EQ(divergence_of(Mistake::kPrefixFromOneRead, stream),
            "cut_at-1: frame 0 at byte 0 has a payload of 0 bytes inste"
            "ad of 5");
}

TEST(UserDeframerTest, LostLeftoversShowAgainstTheReference) {
  const auto stream = stream_of({"hello", "hi"});
  EXPECT_EQ(difference_from_reference(Mistake::kLeftoversLost, stream),
            "frame 1 at byte 9 is missing; the stream ended clean");
  EXPECT_EQ(divergence_of(Mistake::kLeftoversLost, stream),
            "cut_at-9: frame 1 at byte 9 should not be there: payload of 2 bytes: 68 69 |hi|");
}

TEST(UserDeframerTest, OneFrameForEachReadShowsAgainstTheReference) {
  const auto stream = stream_of({"a", "b", "c"});
  EXPECT_EQ(difference_from_reference(Mistake::kOneFrameEachRead, stream),
            "frame 1 at byte 5 is missing; the stream ended truncated ("
            "truncated at byte 15)");
}

TEST(UserDeframerTest, AFrameThatWaitsForOneMoreByteIsMissing) {
  const auto stream = stream_of({"a", "b"});
  EXPECT_EQ(difference_from_reference(Mistake::kWaitsForOneMoreByte, stream),
            "frame 1 at byte 5 is missing; the stream ended truncated ("
            "truncated at byte 10)");
}

TEST(UserDeframerTest, APlaceLostAfterTheThirdByteIsFoundByTheCutThere) {
  const auto stream = stream_of({"hello", "hi"});
  EXPECT_EQ(difference_from_reference(Mistake::kForgetsPrefixAfterThree, stream), "");
  EXPECT_EQ(divergence_of(Mistake::kForgetsPrefixAfterThree, stream),
            "cut_at-3: frame 0 at byte 0 is missing; the stream ended t"
            "runcated (truncated at byte 15: inside a frame)");
}

TEST(UserDeframerTest, AnEmptyFrameTakenForTheEndShowsAgainstTheReference) {
  const auto stream = stream_of({"a", "", "b"});
  EXPECT_EQ(difference_from_reference(Mistake::kEmptyMeansEnd, stream),
            "frame 1 at byte 5 is missing; the stream ended clean");
}

TEST(UserDeframerTest, ANegativeLengthTakenForALongOneShowsAgainstTheReference) {
  framespec::ByteVector stream = stream_of({"a"});
  stream.insert(stream.end(), 4, std::byte{0xFF});
  EXPECT_EQ(difference_from_reference(Mistake::kNegativeIsUnsigned, stream),
            "after 1 frame the stream ended truncated (truncated at byt"
            "e 9) instead of rejected (negative_length at byte 5)");
}

TEST(UserDeframerTest, AnEndInsideAFrameTakenForCleanShowsAgainstTheReference) {
  framespec::ByteVector stream = stream_of({"a", "bcd"});
  stream.pop_back();
  EXPECT_EQ(difference_from_reference(Mistake::kEndInsideFrameIsFine, stream),
            "after 1 frame the stream ended clean instead of truncated "
            "(truncated at byte 11)");
}

}  // namespace
