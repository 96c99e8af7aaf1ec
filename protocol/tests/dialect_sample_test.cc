// Streams of real protocols, read with their dialects under every segmentation (SEG-1), cut short
// at every byte (EOS-1, EOS-2), and written again to the same bytes.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "framespec/dialect.h"
#include "framespec/encoder.h"
#include "framespec/hex.h"
#include "framespec/md5.h"
#include "framespec/segmentation.h"
#include "framespec/transcript.h"

namespace framespec {

// GoogleTest prints parameters by it.
static void PrintTo(const Dialect& dialect, std::ostream* out) { *out << dialect.name; }

namespace {

using nlohmann::json;

struct Sample {
  Dialect dialect;
  ByteVector stream;
  json frames;
  Transcript expected;
};

ByteVector from_hex(const std::string& text) {
  auto bytes = read_hex(text);
  if (!bytes) throw std::invalid_argument(bytes.error().message);
  return *std::move(bytes);
}

std::filesystem::path path_of(const Dialect& dialect) {
  return std::filesystem::path(FRAMESPEC_SAMPLES_DIR) / (dialect.name + ".json");
}

TranscriptFrame frame_of(const json& entry) {
  TranscriptFrame frame;
  frame.offset = entry.at("offset").get<std::uint64_t>();
  frame.lead = from_hex(entry.value("lead", ""));
  frame.payload = from_hex(entry.at("payload").get<std::string>());
  if (entry.contains("header")) {
    const json& header = entry.at("header");
    frame.header = JsonHeader{.filename = header.at("filename"),
                              .md5 = header.at("md5"),
                              .total_size = header.at("total_size")};
  }
  return frame;
}

Sample read_sample(const Dialect& dialect) {
  std::ifstream file(path_of(dialect));
  const json document = json::parse(file);
  Sample sample{.dialect = *find_dialect(document.at("dialect").get<std::string>()),
                .stream = from_hex(document.at("hex").get<std::string>()),
                .frames = document.at("frames"),
                .expected = {}};
  for (const json& entry : sample.frames) sample.expected.frames.push_back(frame_of(entry));
  EXPECT_EQ(document.at("terminal"), "clean");
  sample.expected.terminal = TerminalState::kClean;
  return sample;
}

class DialectSample : public testing::TestWithParam<Dialect> {
 protected:
  // Reads the stream cut like `segmentation` on both levels.
  static void expect_frames(const Sample& sample, const Segmentation& segmentation) {
    const Transcript frames = transcribe(sample.dialect, sample.stream, segmentation);
    EXPECT_EQ(difference(sample.expected, frames), "") << segmentation.name();
    const Transcript events = transcribe_events(sample.dialect, sample.stream, segmentation);
    EXPECT_EQ(difference(sample.expected, events), "") << segmentation.name() << " (events)";
  }
};

TEST_P(DialectSample, HoldsSeveralFramesAndSaysWhereTheyComeFrom) {
  ASSERT_TRUE(std::filesystem::exists(path_of(GetParam())))
      << "every shipped dialect needs a sample: " << path_of(GetParam());
  std::ifstream file(path_of(GetParam()));
  const json document = json::parse(file);
  EXPECT_EQ(document.at("dialect"), GetParam().name);
  EXPECT_FALSE(document.at("description").get<std::string>().empty());
  const std::string how = document.at("how");
  EXPECT_TRUE(how.starts_with("captured from ") || how.starts_with("made with ") ||
              how.starts_with("derived by hand from "))
      << how;
  EXPECT_GE(document.at("frames").size(), 3U);
}

TEST_P(DialectSample, GivesTheSameFramesUnderEverySegmentation) {
  const Sample sample = read_sample(GetParam());
  std::size_t segmentations = 0;
  const auto visit = [&](const Segmentation& segmentation) {
    expect_frames(sample, segmentation);
    ++segmentations;
    return !HasFailure();
  };
  // Enough for every single cut and every chunk size, whatever the size of the sample.
  ThoroughOptions options;
  options.cuts_max = std::max(options.cuts_max, sample.stream.size());
  for_thorough(sample.stream.size(), options, visit);
  EXPECT_GE(segmentations, sample.stream.size());
}

TEST_P(DialectSample, StartsTheSameUnderAllSegmentationsOfItsFirstBytes) {
  const Sample sample = read_sample(GetParam());
  const Bytes start = Bytes(sample.stream).first(std::min<std::size_t>(12, sample.stream.size()));
  const Transcript unsplit = transcribe(sample.dialect, start, Segmentation::whole(start.size()));
  std::size_t segmentations = 0;
  for_all(start.size(), [&](const Segmentation& segmentation) {
    const Transcript split = transcribe(sample.dialect, start, segmentation);
    EXPECT_EQ(difference(unsplit, split), "") << segmentation.name();
    ++segmentations;
    return !HasFailure();
  });
  EXPECT_EQ(segmentations, std::size_t{1} << (start.size() - 1));
}

TEST_P(DialectSample, GivesTheSameFramesHoweverTheyAreCoalesced) {
  const Sample sample = read_sample(GetParam());
  std::vector<std::uint64_t> ends;
  for (std::size_t i = 1; i < sample.expected.frames.size(); ++i) {
    ends.push_back(sample.expected.frames[i].offset);
  }
  ends.push_back(sample.stream.size());
  for (std::size_t count = 1; count <= ends.size(); ++count) {
    expect_frames(sample, Segmentation::coalesced(sample.stream.size(), ends, count));
  }
  expect_frames(sample, Segmentation::straddled(sample.stream.size(), ends));
}

TEST_P(DialectSample, CutShortIsTruncatedButForTheEndsOfFrames) {
  const Sample sample = read_sample(GetParam());
  std::set<std::uint64_t> clean_ends;
  for (const TranscriptFrame& frame : sample.expected.frames) clean_ends.insert(frame.offset);
  for (std::uint64_t size = 0; size < sample.stream.size(); ++size) {
    const Bytes start = Bytes(sample.stream).first(size);
    const Transcript whole = transcribe(sample.dialect, start, Segmentation::whole(size));
    const bool is_clean = clean_ends.contains(size);
    ASSERT_EQ(whole.terminal, is_clean ? TerminalState::kClean : TerminalState::kTruncated)
        << size << " bytes\n"
        << to_string(whole);
    if (!is_clean) {
      EXPECT_EQ(whole.error->offset, size);
    }
    const Transcript bytes = transcribe(sample.dialect, start, Segmentation::byte_by_byte(size));
    ASSERT_EQ(difference(whole, bytes), "") << size << " bytes";
  }
}

TEST_P(DialectSample, IsWrittenAgainToTheSameBytes) {
  const Sample sample = read_sample(GetParam());
  ByteVector written;
  for (const TranscriptFrame& frame : sample.expected.frames) {
    FrameMeta meta{.lead = frame.lead, .filename = {}};
    if (frame.header) {
      meta.filename = frame.header->filename;
      EXPECT_EQ(md5_of(frame.payload), frame.header->md5);
    }
    const auto appended = append_frame(written, sample.dialect, frame.payload, meta);
    ASSERT_TRUE(appended) << to_string(appended.error());
  }
  EXPECT_EQ(written, sample.stream);
}

std::string test_name(const testing::TestParamInfo<Dialect>& info) {
  std::string name;
  for (const char c : info.param.name) name += c == '-' || c == '.' ? '_' : c;
  return name;
}

INSTANTIATE_TEST_SUITE_P(Every, DialectSample,
                         testing::ValuesIn(shipped_dialects().begin(), shipped_dialects().end()),
                         test_name);

}  // namespace
}  // namespace framespec
