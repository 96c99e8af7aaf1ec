// `send --expect-echo`: an echo has an end, and nothing behind it.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "child_process.h"
#include "scripted_server.h"

namespace framespec::client::test {
namespace {

Ended expect_echo(const ScriptedServer& server, std::vector<std::string> more) {
  std::vector<std::string> arguments{server.address(), "-d",           "int32", "-q",
                                     "send",           "--expect-echo"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_client(std::move(arguments));
}

void echo(Peer& peer, int count = 1) {
  for (int index = 0; index < count; ++index) {
    peer.send(framed("int32", peer.receive_frame("int32")));
  }
}

TEST(EchoEnd, WhatComesWithTheLastReplyIsAFinding) {
  for (const std::string& behind :
       {framed("int32", "two"), std::string(1, '\x03'), std::string("\xff\xff\xff\xff")}) {
    const ScriptedServer server([&](Peer& peer) {
      peer.send(framed("int32", peer.receive_frame("int32")) + behind);
      peer.receive_all();
    });
    const Ended ended = expect_echo(server, {"one"});
    EXPECT_EQ(ended.exit_code, 1) << to_string(ended);
    EXPECT_EQ(ended.out, "one\n");
    EXPECT_EQ(ended.err, "framespec-client: error: " + std::to_string(behind.size()) +
                             " bytes came behind the last reply; they were not asked for\n");
  }
}

// The client has taken every reply and closed its sending side by then.
TEST(EchoEnd, WhatComesLaterIsAFindingToo) {
  for (const std::string& behind : {framed("int32", "two"), std::string("x")}) {
    const ScriptedServer server([&](Peer& peer) {
      echo(peer, 3);
      peer.receive_all();
      peer.send_byte_by_byte(behind);
    });
    const Ended ended = expect_echo(server, {"a", "b", "c"});
    EXPECT_EQ(ended.exit_code, 1) << to_string(ended);
    EXPECT_EQ(ended.out, "a\nb\nc\n");
    EXPECT_TRUE(says(ended, std::to_string(behind.size()) + " bytes came behind the last reply"))
        << ended.err;
  }
}

TEST(EchoEnd, OfNoMessageAtAllIsNothing) {
  const ScriptedServer silent([](Peer& peer) { peer.receive_all(); });
  EXPECT_EQ(expect_echo(silent, {}).exit_code, 0);
  const ScriptedServer talking([](Peer& peer) {
    peer.receive_all();
    peer.send(framed("int32", "welcome"));
  });
  const Ended ended = expect_echo(talking, {});
  EXPECT_EQ(ended.exit_code, 1) << to_string(ended);
  EXPECT_TRUE(says(ended, "11 bytes came behind the last reply")) << ended.err;
}

TEST(EchoEnd, AWrongReplyIsToldBesideWhatIsBehind) {
  const ScriptedServer server([](Peer& peer) {
    peer.receive_frame("int32");
    peer.send(framed("int32", "other") + framed("int32", "two"));
    peer.receive_all();
  });
  const Ended ended = expect_echo(server, {"one"});
  EXPECT_EQ(ended.exit_code, 1) << to_string(ended);
  EXPECT_TRUE(says(ended, "warning: 7 bytes came behind the last reply")) << ended.err;
  EXPECT_TRUE(says(ended, "error: 1 of 1 replies are not what was sent")) << ended.err;
}

TEST(EchoEnd, AServerThatNeverStopsIsAFinding) {
  const ScriptedServer server([](Peer& peer) {
    echo(peer);
    const std::string chunk(100'000, 'x');
    while (peer.send(chunk)) {
    }
  });
  const Ended ended = expect_echo(server, {"one"});
  EXPECT_EQ(ended.exit_code, 1) << to_string(ended);
  EXPECT_TRUE(says(ended, "at least ")) << ended.err;
}

// The pauses are what is tested: each is far below the limit, and all together are without end.
TEST(EchoEnd, AServerThatTricklesForEverIsAFinding) {
  const ScriptedServer server([](Peer& peer) {
    echo(peer);
    while (peer.send("x")) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  });
  const Ended ended = expect_echo(server, {"one", "--timeout", "2"});
  EXPECT_EQ(ended.exit_code, 1) << to_string(ended);
  EXPECT_TRUE(says(ended, "bytes came behind the last reply")) << ended.err;
}

// Whether it is done cannot be judged: not a pass, and no finding either.
TEST(EchoEnd, AServerThatDoesNotCloseEndsByTheTimeout) {
  const StayingServer server([](Peer& peer) { echo(peer); });
  const Ended ended = expect_echo(*server, {"one", "--timeout", "2"});
  EXPECT_EQ(ended.exit_code, 3) << to_string(ended);
  EXPECT_EQ(ended.out, "one\n");
  EXPECT_TRUE(says(ended, "every reply came, but not the end behind the last")) << ended.err;
  EXPECT_TRUE(says(ended, "for 2 s")) << ended.err;
}

TEST(EchoEnd, AResetInsteadOfTheEndCannotBeJudged) {
  const ScriptedServer server([&](Peer& peer) {
    echo(peer);
    peer.receive_all();
    peer.reset();
  });
  const Ended ended = expect_echo(server, {"one"});
  EXPECT_EQ(ended.exit_code, 3) << to_string(ended);
  EXPECT_TRUE(says(ended, "was lost")) << ended.err;
}

TEST(EchoEnd, IsNotWaitedForWithoutAHalfClose) {
  const StayingServer server([](Peer& peer) { echo(peer); });
  const Ended ended = expect_echo(*server, {"one", "--no-half-close"});
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  const ScriptedServer talking([](Peer& peer) {
    peer.send(framed("int32", peer.receive_frame("int32")) + framed("int32", "two"));
    peer.receive_all();
  });
  EXPECT_EQ(expect_echo(talking, {"one", "--no-half-close"}).exit_code, 1);
}

}  // namespace
}  // namespace framespec::client::test
