#include "recording/follow_output.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace framespec::conformance {
namespace {

constexpr std::string_view kRule =
    "===================================================================";

Flow flow_of(std::uint64_t client_size, std::uint64_t service_size) {
  Flow flow;
  flow.client = {.address = "10.0.0.1:50000", .port = 50000, .size = client_size};
  flow.service = {.address = "10.0.0.2:5432", .port = 5432, .size = service_size};
  return flow;
}

std::vector<std::string> printed(std::string_view node0, std::string_view node1,
                                 std::initializer_list<std::string_view> said) {
  std::vector<std::string> lines{"",
                                 std::string(kRule),
                                 "Follow: tcp,raw",
                                 "Filter: tcp.stream eq 0",
                                 "Node 0: " + std::string(node0),
                                 "Node 1: " + std::string(node1)};
  lines.insert(lines.end(), said.begin(), said.end());
  lines.emplace_back(kRule);
  return lines;
}

std::expected<Conversation, std::string> read(const Flow& flow,
                                              const std::vector<std::string>& lines) {
  FollowOutput output(flow);
  for (const std::string& line : lines) {
    if (!output.take(line)) break;
  }
  return std::move(output).finish();
}

/// "C ab" for a turn of the client, "S ab" for one of the service.
std::vector<std::string> turns_of(const Conversation& conversation) {
  std::vector<std::string> turns;
  for (const Conversation::Turn& turn : conversation.turns()) {
    turns.push_back((turn.speaker == Speaker::kClient ? "C " : "S ") +
                    std::string(as_text(turn.bytes)));
  }
  return turns;
}

TEST(FollowOutput, JoinsWhatOneSideSaysIntoATurn) {
  const Flow flow = flow_of(4, 3);
  const auto said = read(
      flow, printed("10.0.0.1:50000", "10.0.0.2:5432", {"\t68", "6162", "63", "\t6f6b", "64"}));
  ASSERT_TRUE(said) << said.error();
  EXPECT_EQ(turns_of(*said), (std::vector<std::string>{"S h", "C abc", "S ok", "C d"}));
}

TEST(FollowOutput, TakesTheNodesInEitherOrder) {
  const Flow flow = flow_of(2, 1);
  const auto said = read(flow, printed("10.0.0.2:5432", "10.0.0.1:50000", {"68", "\t6162"}));
  ASSERT_TRUE(said) << said.error();
  EXPECT_EQ(turns_of(*said), (std::vector<std::string>{"S h", "C ab"}));
}

TEST(FollowOutput, TellsNodesWithEqualPortsByTheirAddresses) {
  Flow flow = flow_of(1, 0);
  flow.client = {.address = "[::1]:179", .port = 179, .size = 1};
  flow.service = {.address = "[::2]:179", .port = 179, .size = 0};
  const auto said = read(flow, printed("[::2]:179", "[::1]:179", {"\t61"}));
  ASSERT_TRUE(said) << said.error();
  EXPECT_EQ(turns_of(*said), (std::vector<std::string>{"C a"}));
}

TEST(FollowOutput, ThatTheClientEndedIsOfTheFlow) {
  Flow flow = flow_of(1, 0);
  flow.has_client_ended = true;
  auto said = read(flow, printed("10.0.0.1:50000", "10.0.0.2:5432", {"61"}));
  ASSERT_TRUE(said) << said.error();
  const Replay replay = std::move(*said).to_replay("");
  EXPECT_TRUE(std::holds_alternative<step::Finish>(replay.steps.back().action));
}

TEST(FollowOutput, PutsTheEndOfTheClientBeforeWhatCameBehindIt) {
  Flow flow = flow_of(1, 3);
  flow.has_client_ended = true;
  const auto is_finish_before_answer = [&](std::uint64_t answered_before_end) {
    flow.answered_before_end = answered_before_end;
    auto said = read(flow, printed("10.0.0.1:50000", "10.0.0.2:5432", {"61", "\t6f", "\t6b0a"}));
    const Replay replay = std::move(said.value()).to_replay("");
    return std::holds_alternative<step::Finish>(replay.steps.at(1).action);
  };
  EXPECT_TRUE(is_finish_before_answer(0));
  EXPECT_FALSE(is_finish_before_answer(1)) << "the answer had begun";
  EXPECT_FALSE(is_finish_before_answer(3));
}

// "[7 bytes missing in capture file]" and a NUL.
constexpr std::string_view kSevenMissing =
    "5b37206279746573206d697373696e6720696e20636170747572652066696c655d00";

TEST(FollowOutput, RefusesAGapWithItsPlace) {
  const Flow flow = flow_of(20, 1);
  const auto said = read(
      flow, printed("10.0.0.1:50000", "10.0.0.2:5432", {"616263", "\t68", kSevenMissing, "64"}));
  ASSERT_FALSE(said);
  EXPECT_NE(said.error().find("lacks 7 bytes of what the client said, behind the first 3:"),
            std::string::npos)
      << said.error();
}

TEST(FollowOutput, TakesWordsThatLookLikeAGap) {
  const std::string without_nul(kSevenMissing.substr(0, kSevenMissing.size() - 2));
  const Flow flow = flow_of(33, 0);
  const auto said = read(flow, printed("10.0.0.1:50000", "10.0.0.2:5432", {without_nul}));
  ASSERT_TRUE(said) << said.error();
  EXPECT_EQ(turns_of(*said), (std::vector<std::string>{"C [7 bytes missing in capture file]"}));
}

TEST(FollowOutput, RefusesAGapAtTheEnd) {
  const Flow flow = flow_of(1, 3);
  const auto said = read(flow, printed("10.0.0.1:50000", "10.0.0.2:5432", {"61", "\t6162"}));
  ASSERT_FALSE(said);
  EXPECT_NE(said.error().find("lacks 1 byte of what the service said, behind the first 2:"),
            std::string::npos)
      << said.error();
}

TEST(FollowOutput, RefusesWhatIsNotOfItsForm) {
  const Flow flow = flow_of(1, 0);
  for (const char* line : {"6g", "616", "", "\t", "Follow"}) {
    const auto said = read(flow, printed("10.0.0.1:50000", "10.0.0.2:5432", {line}));
    ASSERT_FALSE(said) << line;
    EXPECT_NE(said.error().find("not understood"), std::string::npos) << said.error();
  }
  auto lines = printed("10.0.0.1:50000", "10.0.0.2:5432", {"61"});
  const std::vector<std::string> whole = lines;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(read(flow, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}))
        << size;
  }
  EXPECT_TRUE(read(flow, whole));
  lines.emplace_back("more");
  EXPECT_FALSE(read(flow, lines));
}

}  // namespace
}  // namespace framespec::conformance
