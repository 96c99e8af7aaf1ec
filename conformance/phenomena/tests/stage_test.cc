// What the ends of a connection note of what they do.
#include "phenomena/stage.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <atomic>
#include <string>
#include <vector>

namespace framespec::phenomena {
namespace {

struct Noted {
  Who who;
  std::string what;
  Passage passage;
  bool operator==(const Noted&) const = default;
};
void PrintTo(const Noted& noted, std::ostream* out) {
  *out << static_cast<int>(noted.who) << " " << noted.what << " "
       << static_cast<int>(noted.passage);
}

class StageTest : public testing::Test {
 protected:
  [[nodiscard]] std::vector<Noted> noted() const {
    std::vector<Noted> all;
    for (const Step& step : stage_.scene().steps) {
      all.push_back({.who = step.who, .what = step.what, .passage = step.passage});
    }
    return all;
  }

  const std::atomic<bool> interrupted_ = false;
  Stage stage_{interrupted_};
};

TEST_F(StageTest, NotesCallsOfBothEndsInTheirOrder) {
  Pair pair(stage_, "a pair");
  stage_.begin({.title = "a scene"});
  pair.client.write("ab\n");
  pair.client.finish();
  EXPECT_EQ(pair.server.wait_for_all(), 3);
  EXPECT_EQ(pair.server.read_exactly(2), "ab");
  EXPECT_EQ(pair.server.read(5), "\n");
  EXPECT_EQ(pair.server.read_exactly(5), "");
  EXPECT_EQ(noted(), (std::vector<Noted>{{Who::kLeft, "write \"ab\\x0a\"", Passage::kSent},
                                         {Who::kLeft, "no more", Passage::kSent},
                                         {Who::kRight, "read(2): \"ab\"", Passage::kNone},
                                         {Who::kRight, "read(5): \"\\x0a\"", Passage::kNone},
                                         {Who::kRight, "read(5): end of stream", Passage::kNone}}));
}

TEST_F(StageTest, TellsWhatTheKernelKeepsBack) {
  Pair pair(stage_, "a corked pair");
  pair.client.set(IPPROTO_TCP, TCP_CORK, 1, "TCP_CORK on");
  stage_.begin({.title = "a scene"});
  pair.client.write("kept");
  EXPECT_EQ(pair.client.packets().waiting, 4U);
  EXPECT_EQ(noted(), (std::vector<Noted>{{Who::kLeft, "write \"kept\"", Passage::kHeld}}));
}

TEST_F(StageTest, KnowsThePortsOfWhatIsConnected) {
  const Pair pair(stage_, "a pair");
  ASSERT_EQ(stage_.connections().size(), 1U);
  EXPECT_EQ(stage_.connections()[0].left_port, pair.client.port());
  EXPECT_EQ(stage_.connections()[0].right_port, pair.server.port());
  EXPECT_EQ(stage_.connections()[0].what, "a pair");
}

TEST_F(StageTest, APlayEndsWhereAConnectionIsRefused) {
  End nobody(stage_, Who::kRight);
  ASSERT_EQ(nobody.bind_to(0), 0);
  End client(stage_, Who::kLeft);
  EXPECT_THROW(static_cast<void>(client.connect_to(nobody.port()) || client.wait_until_connected()),
               CannotPlay);
}

}  // namespace
}  // namespace framespec::phenomena
