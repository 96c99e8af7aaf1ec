// Fuzzer inputs as replays and back: nothing is lost.
#include "input/stream_replay.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "framespec/encoder.h"
#include "input/dialect_word.h"
#include "mutators/stream_mutator.h"

namespace framespec::fuzz {
namespace {

namespace fs = std::filesystem;
using std::string_literals::operator""s;

/// The input that comes back from the text of the replay that it was made.
StreamInput there_and_back(const std::string& file) {
  const auto back = input_file_of(as_bytes(replay_text_of(as_bytes(file))));
  EXPECT_TRUE(back) << back.error();
  return back ? parse_stream_input(*back) : StreamInput{};
}

void expect_same_meaning(const StreamInput& one, const StreamInput& other) {
  EXPECT_EQ(dialect_word_of(one.dialect), dialect_word_of(other.dialect));
  EXPECT_EQ(segmentation_of(one), segmentation_of(other));
  EXPECT_EQ(one.digest, other.digest);
  EXPECT_EQ(as_text(one.wire), as_text(other.wire));
}

std::vector<std::string> committed_inputs() {
  std::vector<std::string> files;
  for (const char* folder : {"corpus", "regressions"}) {
    for (const char* target : {"deframer", "prefix"}) {
      const fs::path path = fs::path(FRAMESPEC_FUZZ_DIR) / folder / target;
      if (!fs::is_directory(path)) continue;
      for (const auto& entry : fs::directory_iterator(path)) {
        std::ifstream file(entry.path(), std::ios::binary);
        files.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
      }
    }
  }
  return files;
}

TEST(StreamReplay, OfEveryCommittedInputMeansTheSame) {
  const std::vector<std::string> files = committed_inputs();
  ASSERT_GT(files.size(), 100U);
  std::size_t identical = 0;
  for (const std::string& file : files) {
    const StreamInput input = parse_stream_input(as_bytes(file));
    const StreamInput back = there_and_back(file);
    expect_same_meaning(back, input);
    const ByteVector canonical = format_stream_input(input, file.size() + kFirstLineSizeMax);
    if (as_text(canonical) != file) continue;
    ++identical;
    EXPECT_EQ(as_text(format_stream_input(back, canonical.size())), file);
  }
  EXPECT_GT(identical, files.size() / 2);
}

TEST(StreamReplay, OfAnyBytesMeansTheSame) {
  for (const auto& file :
       {""s, "\n"s, " \n"s, "abc"s, "int32 verify\nabc"s, "int32  cut_at-2 verify more\nabc"s,
        "json whole verify\n"s, "\x01\xff byte\x01_by_byte verify\nabcd"s,
        "\t \xff 1\xff 3\nabcdef"s, "\xc3\xbc cuts\xc3-2-\t3\nabcdef"s,
        "int32,max3 chunk-2\n\x05\0\0\0hello"s, "u1 random-9\n\x02hi\x01"s,
        std::string(600, 'x') + "\n"s, std::string(512, '\x01') + "\nab"s}) {
    expect_same_meaning(there_and_back(file), parse_stream_input(as_bytes(file)));
  }
}

TEST(StreamReplay, OfMutantsMeansTheSame) {
  SplitMix64 random(1);
  const ByteMutator keep = [](ByteVector&, std::size_t) {};
  StreamInput input = parse_stream_input(as_bytes("int32 whole\n\x05\0\0\0hello\0\0\0\0"s));
  for (int number = 0; number < 500; ++number) {
    StreamMutator(random, keep).mutate(input);
    if (input.wire.size() > 4096) input.wire.resize(4096);
    const std::string file(as_text(format_stream_input(input, 8192)));
    expect_same_meaning(there_and_back(file), parse_stream_input(as_bytes(file)));
  }
}

TEST(StreamReplay, SaysWhatARightPeerDoes) {
  const Replay rejected =
      to_replay(parse_stream_input(as_bytes("int32 cut_at-2\n\x02\0\0\0hi\xff\xff\xff\xff"s)));
  ASSERT_EQ(rejected.steps.size(), 3U);
  const auto& send = std::get<step::Send>(rejected.steps[0].action);
  EXPECT_EQ(send.arrival->cuts, std::vector<std::uint64_t>{2});
  EXPECT_EQ(send.frame_ends, std::vector<std::uint64_t>{6});
  EXPECT_EQ(std::get<step::ExpectFrames>(rejected.steps[1].action).frames.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<step::ExpectClosed>(rejected.steps[2].action));
  EXPECT_FALSE(rejected.main_stays_open);
  const Replay truncated = to_replay(parse_stream_input(as_bytes("int32 whole\n\x02\0"s)));
  ASSERT_EQ(truncated.steps.size(), 3U);
  EXPECT_TRUE(std::holds_alternative<step::Finish>(truncated.steps[1].action));
  EXPECT_TRUE(to_replay(parse_stream_input(as_bytes("int32 whole\n\0\0\0\0"s))).main_stays_open);
}

Replay replay_of(const Dialect& dialect, ByteVector bytes, std::vector<std::uint64_t> cuts) {
  Replay replay;
  replay.id = "a/b/c/d";
  replay.dialect = dialect;
  replay.steps.push_back({.connection = "main",
                          .action = step::Send{.bytes = std::move(bytes),
                                               .frame_ends = {},
                                               .arrival = step::Arrival{.cuts = std::move(cuts)}}});
  return replay;
}

TEST(StreamReplay, OfAReplayKeepsDialectBytesAndCuts) {
  for (const Dialect& shipped : shipped_dialects()) {
    for (const Dialect& dialect : {shipped, shipped.with_payload_limit(100).value_or(shipped)}) {
      for (const std::vector<std::uint64_t>& cuts : std::vector<std::vector<std::uint64_t>>{
               {}, {1}, {2, 5}, {3, 6}, {1, 2, 3, 4, 5, 6, 7}}) {
        const Replay replay = replay_of(dialect, ByteVector(8, std::byte{1}), cuts);
        const auto input = to_stream_input(replay);
        ASSERT_TRUE(input) << dialect.name << ": " << input.error();
        const Replay again = to_replay(*input);
        EXPECT_EQ(again.dialect->name, dialect.name) << input->dialect_word;
        EXPECT_EQ(to_json(*again.dialect), to_json(dialect)) << input->dialect_word;
        const auto& send = std::get<step::Send>(again.steps.front().action);
        EXPECT_EQ(send.bytes, ByteVector(8, std::byte{1}));
        EXPECT_EQ(send.arrival->cuts, cuts);
        EXPECT_EQ(input->digest == DigestCheck::kVerify, dialect.header == HeaderKind::kJson);
      }
    }
  }
}

TEST(StreamReplay, ThatWasEditedIsWhatItSaysNow) {
  Replay replay = to_replay(parse_stream_input(as_bytes("int32 cut_at-2 verify\n\0\0\0\0"s)));
  std::get<step::Send>(replay.steps.front().action).arrival->cuts = {1, 3};
  const auto input = to_stream_input(replay);
  ASSERT_TRUE(input) << input.error();
  EXPECT_EQ(as_text(format_stream_input(*input, 100)), "int32 cuts-1-3 verify\n\0\0\0\0"s);
}

TEST(StreamReplay, ThatIsMoreThanAStreamIsRefused) {
  const Replay good = replay_of(*find_dialect("int32"), ByteVector(4), {});
  const auto with = [&](Step step) {
    Replay replay = good;
    replay.steps.push_back(std::move(step));
    return to_stream_input(replay);
  };
  EXPECT_TRUE(with({.connection = "main", .action = step::Finish{}}));
  for (const Step& step :
       {Step{.connection = "b", .action = step::Open{}},
        Step{.connection = "main", .action = step::Abort{}}, good.steps.front()}) {
    const auto refused = with(step);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().find("does more than that"), std::string::npos) << refused.error();
  }
  Replay without_dialect = good;
  without_dialect.dialect.reset();
  EXPECT_FALSE(to_stream_input(without_dialect));
  std::vector<std::uint64_t> cuts;
  for (std::uint64_t cut = 1; cut < 900; cut += cut % 3 + 1) cuts.push_back(cut);
  const auto too_long = to_stream_input(replay_of(*find_dialect("int32"), ByteVector(1000), cuts));
  ASSERT_FALSE(too_long);
  EXPECT_NE(too_long.error().find("do not fit"), std::string::npos) << too_long.error();
  EXPECT_FALSE(input_file_of(as_bytes("{}"s)));
}

}  // namespace
}  // namespace framespec::fuzz
