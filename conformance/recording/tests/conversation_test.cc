#include "recording/conversation.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "framespec/replay.h"
#include "recording/recording.h"

namespace framespec::conformance {
namespace {

bool say(Conversation& conversation, Speaker speaker, std::string_view words) {
  return conversation.add(speaker, as_bytes(words));
}

ByteVector bytes_of(std::string_view text) {
  const Bytes bytes = as_bytes(text);
  return {bytes.begin(), bytes.end()};
}

std::string file_of(Conversation conversation) {
  return to_ndjson(std::move(conversation).to_replay("talk"));
}

TEST(Conversation, IsAFileOfTurns) {
  Conversation conversation;
  ASSERT_TRUE(say(conversation, Speaker::kService, "hi"));
  ASSERT_TRUE(say(conversation, Speaker::kClient, "a"));
  ASSERT_TRUE(say(conversation, Speaker::kClient, ""));
  ASSERT_TRUE(say(conversation, Speaker::kClient, "b"));
  ASSERT_TRUE(say(conversation, Speaker::kService, "ok"));
  conversation.end_of_client();
  const auto replay = parse_replay(file_of(conversation));
  ASSERT_TRUE(replay) << to_string(replay.error());
  EXPECT_EQ(replay->title, "talk");
  step::Send request;
  request.bytes = bytes_of("ab");
  const std::vector<Step> steps{{.action = step::ExpectAnswer{.bytes = bytes_of("hi")}},
                                {.action = request},
                                {.action = step::ExpectAnswer{.bytes = bytes_of("ok")}},
                                {.action = step::Finish{}}};
  EXPECT_EQ(replay->steps, steps);
}

TEST(Conversation, TellsOfAnEndBeforeTheLastAnswer) {
  Conversation conversation;
  ASSERT_TRUE(say(conversation, Speaker::kClient, "ask"));
  conversation.end_of_client();
  ASSERT_TRUE(say(conversation, Speaker::kService, "ok"));
  const Replay replay = std::move(conversation).to_replay("");
  ASSERT_EQ(replay.steps.size(), 3U);
  EXPECT_TRUE(std::holds_alternative<step::Finish>(replay.steps[1].action));
  EXPECT_FALSE(replay.main_stays_open);

  Conversation inside;
  ASSERT_TRUE(say(inside, Speaker::kClient, "ask"));
  ASSERT_TRUE(say(inside, Speaker::kService, "o"));
  inside.end_of_client();
  ASSERT_TRUE(say(inside, Speaker::kService, "k"));
  EXPECT_TRUE(
      std::holds_alternative<step::Finish>(std::move(inside).to_replay("").steps.back().action));
}

TEST(Conversation, HasNotEndedWhereTheClientSaysMore) {
  Conversation conversation;
  ASSERT_TRUE(say(conversation, Speaker::kClient, "ask"));
  conversation.end_of_client();
  ASSERT_TRUE(say(conversation, Speaker::kService, "ok"));
  ASSERT_TRUE(say(conversation, Speaker::kClient, "more"));
  const Replay without_end = Conversation(conversation).to_replay("");
  EXPECT_TRUE(without_end.main_stays_open);
  EXPECT_EQ(without_end.steps.size(), 3U);
  conversation.end_of_client();
  const Replay ended = std::move(conversation).to_replay("");
  ASSERT_EQ(ended.steps.size(), 4U);
  EXPECT_TRUE(std::holds_alternative<step::Finish>(ended.steps[3].action));
}

TEST(Conversation, OfOneRequestIsThatOfItsStream) {
  Conversation conversation;
  ASSERT_TRUE(say(conversation, Speaker::kClient, "request"));
  const Replay stream = recording_of_stream(as_bytes("request"));
  EXPECT_TRUE(stream.title.empty());
  EXPECT_EQ(std::move(conversation).to_replay("").steps, stream.steps);
  EXPECT_TRUE(recording_of_stream({}).steps.empty());
}

TEST(Conversation, KeepsNoMoreThanItsBytes) {
  Conversation conversation;
  const std::string half(kRecordedBytesMax / 2, 'x');
  ASSERT_TRUE(say(conversation, Speaker::kClient, half));
  ASSERT_TRUE(say(conversation, Speaker::kService, half));
  EXPECT_FALSE(say(conversation, Speaker::kService, "x"));
  EXPECT_TRUE(say(conversation, Speaker::kService, ""));
  EXPECT_EQ(conversation.size(), kRecordedBytesMax);
}

TEST(Conversation, WithAllItsTurnsIsAFileThatIsRead) {
  Conversation conversation;
  const std::string half(kRecordedBytesMax / 2 - kRecordedTurnsMax, 'x');
  for (std::size_t turn = 0; turn < kRecordedTurnsMax; ++turn) {
    ASSERT_TRUE(say(conversation, turn % 2 == 0 ? Speaker::kClient : Speaker::kService, "x"));
  }
  EXPECT_FALSE(say(conversation, Speaker::kClient, "x"));
  ASSERT_TRUE(say(conversation, Speaker::kService, half));
  EXPECT_LT(file_of(std::move(conversation)).size(), kReplaySizeMax);
}

}  // namespace
}  // namespace framespec::conformance
