#include "framespec/awaited_request.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "framespec/segmentation.h"

namespace framespec {
namespace {

using namespace std::literals;

step::Await until(std::string_view text) {
  const Bytes bytes = as_bytes(text);
  return {step::AwaitUntil{{bytes.begin(), bytes.end()}}};
}

step::Await frame_of(std::string_view dialect) {
  return {step::AwaitFrame{*find_dialect(dialect)}};
}

struct Seen {
  bool is_whole = false;
  std::string request;
  std::string behind;  ///< what came with it and is left
  std::string error;

  bool operator==(const Seen&) const = default;
};

Seen see(const step::Await& await, std::string_view stream, const Segmentation& cuts) {
  AwaitedRequest request(await);
  Seen seen;
  for (std::size_t index = 0; index < cuts.segment_count(); ++index) {
    Bytes input = cuts.segment(as_bytes(stream), index);
    const auto is_whole = request.take(input);
    seen.behind += as_text(input);
    if (!is_whole) {
      seen.error = is_whole.error();
      break;
    }
    EXPECT_TRUE(*is_whole || input.empty()) << cuts.name();
    seen.is_whole = *is_whole;
  }
  seen.request = as_text(request.kept());
  EXPECT_EQ(request.size(), seen.request.size()) << cuts.name();
  return seen;
}

struct Case {
  step::Await await;
  std::string_view stream;
  bool is_whole;
  std::string_view request;
};

TEST(AwaitedRequest, EndsAtTheSameByteHoweverItIsCut) {
  for (const auto& [await, stream, is_whole, request] :
       {Case{{step::AwaitBytes{3}}, "abcdefg", true, "abc"},
        Case{{step::AwaitBytes{3}}, "abc", true, "abc"},
        Case{{step::AwaitBytes{3}}, "ab", false, "ab"},
        Case{until("\r\n"), "PING\r\r\nGET\r\n", true, "PING\r\r\n"},
        Case{until("\r\n"), "PING\r", false, "PING\r"}, Case{until("aab"), "aaabaab", true, "aaab"},
        Case{until("abacab"), "abacabacab", true, "abacab"},
        Case{until("abacad"), "abacabacad!", true, "abacabacad"},
        Case{until("\0x"sv), "\0\0xx"sv, true, "\0\0x"sv},
        Case{frame_of("uint16be"), "\0\2hi\0\1"sv, true, "\0\2hi"sv},
        Case{frame_of("uint16be"), "\0\0\0\1"sv, true, "\0\0"sv},
        Case{frame_of("uint16be"), "\0\2h"sv, false, "\0\2h"sv},
        Case{frame_of("varint"), "\x83\0abcd"sv, true, "\x83\0abc"sv}}) {
    EXPECT_TRUE(for_all(stream.size(), [&](const Segmentation& cuts) {
      const Seen seen = see(await, stream, cuts);
      EXPECT_EQ(seen.is_whole, is_whole) << cuts.name();
      EXPECT_EQ(seen.request, request) << cuts.name();
      EXPECT_EQ(seen.behind, stream.substr(request.size())) << cuts.name();
      return !testing::Test::HasFailure();
    }));
  }
}

TEST(AwaitedRequest, AJsonHeaderBelongsToItsFrame) {
  const std::string frame =
      "\x4d\0\0\0"
      R"({"filename": "a", "md5": "5d41402abc4b2a76b9719d911017c592", "total_size": 5}hello)"s;
  const std::string stream = frame + "\x4d\0";
  EXPECT_TRUE(for_thorough(stream.size(), {}, [&](const Segmentation& cuts) {
    const Seen seen = see(frame_of("json"), stream, cuts);
    EXPECT_TRUE(seen.is_whole) << cuts.name();
    EXPECT_EQ(seen.request, frame) << cuts.name();
    return !testing::Test::HasFailure();
  }));
}

TEST(AwaitedRequest, WhatIsNoFrameCanNeverBeWhole) {
  EXPECT_TRUE(for_all(6, [&](const Segmentation& cuts) {
    const Seen seen = see(frame_of("int32"),
                          "\xff\xff\xff\xff"
                          "ab"sv,
                          cuts);
    EXPECT_FALSE(seen.is_whole);
    EXPECT_TRUE(seen.error.starts_with("the request is no frame of the dialect \"int32\": "))
        << seen.error;
    return !testing::Test::HasFailure();
  }));
}

TEST(AwaitedRequest, TakesNothingOnceItIsWhole) {
  AwaitedRequest request({step::AwaitBytes{1}});
  Bytes input = as_bytes("ab");
  EXPECT_EQ(request.take(input), true);
  EXPECT_EQ(request.take(input), true);
  EXPECT_EQ(as_text(input), "b");
  EXPECT_EQ(as_text(request.kept()), "a");
}

TEST(AwaitedRequest, KeepsTheBeginningOfALargeOne) {
  const std::string chunk(10'007, 'x');
  AwaitedRequest request(until("\n"));
  for (int count = 0; count < 1000; ++count) {
    Bytes input = as_bytes(chunk);
    EXPECT_EQ(request.take(input), false);
  }
  EXPECT_EQ(request.size(), 10'007'000U);
  EXPECT_EQ(request.kept().size(), step::kCopiedFromMax);
}

TEST(WithCopies, PutsPartsOfTheRequestIntoTheAnswer) {
  const Bytes answer = as_bytes("answer");
  const step::Send send{
      .bytes = {answer.begin(), answer.end()},
      .frame_ends = {},
      .copies = {{.from = 1, .to = 0, .size = 2}, {.from = 0, .to = 5, .size = 1}}};
  const auto bytes = with_copies(send, as_bytes("xyz"));
  ASSERT_TRUE(bytes) << bytes.error();
  EXPECT_EQ(as_text(*bytes), "yzswex");
}

TEST(WithCopies, WhatTheRequestHasNotIsSaid) {
  const step::Send send{
      .bytes = ByteVector(6), .frame_ends = {}, .copies = {{.from = 2, .to = 0, .size = 2}}};
  const auto bytes = with_copies(send, as_bytes("xyz"));
  ASSERT_FALSE(bytes);
  EXPECT_EQ(bytes.error(), "bytes 2 to 3 of the request are to be copied, and it has 3 bytes");
}

}  // namespace
}  // namespace framespec
