// `send` while its standard input says nothing: it waits as long as it takes, and hears the server.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "child_process.h"
#include "eventually.h"
#include "scripted_server.h"

namespace framespec::client::test {
namespace {

const std::vector<std::string> kRaw{"--request", "raw", "--reply", "raw"};

std::vector<std::string> send_to(const ScriptedServer& server, std::vector<std::string> wire,
                                 std::vector<std::string> options = {}) {
  std::vector<std::string> arguments{server.address()};
  arguments.insert(arguments.end(), wire.begin(), wire.end());
  arguments.emplace_back("send");
  arguments.insert(arguments.end(), options.begin(), options.end());
  return client(arguments);
}

// The silence is what is tested: it lasts longer than the limit, which is long enough for a busy
// machine to close a connection in.
TEST(IdleInput, IsNoSilenceOfAServerThatAnswersNothing) {
  std::string seen;
  std::atomic<bool> is_begun = false;
  {
    const ScriptedServer server([&](Peer& peer) {
      seen = peer.receive();
      is_begun = true;
      seen += peer.receive_all();
    });
    ChildProcess process(send_to(server, kRaw, {"--no-reply", "--timeout", "5"}),
                         {.keep_input_open = true});
    process.type("one\n");
    EXPECT_TRUE(eventually([&] { return is_begun.load(); }));
    std::this_thread::sleep_for(std::chrono::milliseconds(5500));
    process.type("two\n");
    process.close_input();
    const Ended ended = process.wait();
    EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  }
  EXPECT_EQ(seen, "onetwo");
}

// With the input at its end, the close is due.
TEST(IdleInput, OnceItHasEndedTheTimeoutHoldsAgain) {
  std::atomic<bool> over = false;
  const ScriptedServer server([&](Peer& peer) {
    peer.receive_all();
    over.wait(false);
  });
  ChildProcess process(send_to(server, kRaw, {"--no-reply", "--timeout", "0.3"}),
                       {.input = "one\n"});
  const Ended ended = process.wait();
  over = true;
  over.notify_all();
  EXPECT_EQ(ended.exit_code, 3) << to_string(ended);
  EXPECT_TRUE(says(ended, "for 0.3 s")) << ended.err;
}

TEST(IdleInput, LaterBytesOfARawReplyAreShownAtOnce) {
  std::atomic<bool> go_on = false;
  const ScriptedServer server([&](Peer& peer) {
    peer.send("<" + peer.receive() + ">");
    go_on.wait(false);
    peer.send(" and more");
    peer.receive_all();
  });
  ChildProcess process(send_to(server, kRaw), {.keep_input_open = true});
  process.type("one\n");
  EXPECT_TRUE(process.wait_for_output("<one>"));
  go_on = true;
  go_on.notify_all();
  EXPECT_TRUE(process.wait_for_output("<one> and more"));
  process.close_input();
  const Ended ended = process.wait();
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.out, "<one> and more\n");
}

void welcome_and_echo(Peer& peer) {
  peer.send(framed("int32", "welcome"));
  peer.send(framed("int32", peer.receive_frame("int32")));
  peer.receive_all();
}

TEST(IdleInput, AFrameThatNobodyAskedForIsShownAtOnce) {
  const ScriptedServer server(welcome_and_echo);
  ChildProcess process(send_to(server, {"-d", "int32"}), {.keep_input_open = true});
  EXPECT_TRUE(process.wait_for_output("welcome\n"));
  process.type("hello\n");
  process.close_input();
  const Ended ended = process.wait();
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.out, "welcome\nhello\n");
  EXPECT_TRUE(says(ended, "reply 1 came when nothing had been asked for")) << ended.err;
}

TEST(IdleInput, AFrameThatNobodyAskedForIsNoEcho) {
  const ScriptedServer server(welcome_and_echo);
  ChildProcess process(send_to(server, {"-d", "int32"}, {"--expect-echo"}),
                       {.keep_input_open = true});
  EXPECT_TRUE(process.wait_for_output("welcome\n"));
  process.type("hello\n");
  process.close_input();
  const Ended ended = process.wait();
  EXPECT_EQ(ended.exit_code, 1) << to_string(ended);
  EXPECT_TRUE(says(ended, "1 of 2 replies are not what was sent")) << ended.err;
}

struct Closing {
  std::vector<std::string> wire;
  std::string reply;
};

const std::vector<Closing> kClosings{{kRaw, "reply"}, {{"-d", "int32"}, framed("int32", "reply")}};

// Answers one message and closes.
ScriptedServer::Script answer_one(const std::string& reply) {
  return [reply](Peer& peer) {
    peer.receive();
    peer.send(reply);
  };
}

TEST(IdleInput, ACloseIsSaidAtOnceAndIsNoFindingIfNothingElseWasToBeSent) {
  for (const Closing& closing : kClosings) {
    const ScriptedServer server(answer_one(closing.reply));
    ChildProcess process(send_to(server, closing.wire), {.keep_input_open = true});
    process.type("one\n");
    EXPECT_TRUE(process.wait_for_error("has closed the connection and will answer nothing more"));
    process.close_input();
    const Ended ended = process.wait();
    EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
    EXPECT_EQ(ended.out, "reply\n");
  }
}

TEST(IdleInput, AMessageAfterACloseIsAFinding) {
  for (const Closing& closing : kClosings) {
    const ScriptedServer server(answer_one(closing.reply));
    ChildProcess process(send_to(server, closing.wire), {.keep_input_open = true});
    process.type("one\n");
    EXPECT_TRUE(process.wait_for_error("has closed the connection and will answer nothing more"));
    process.type("two\n");
    const Ended ended = process.wait();
    EXPECT_EQ(ended.exit_code, 1) << to_string(ended);
    EXPECT_EQ(ended.out, "reply\n");
  }
}

}  // namespace
}  // namespace framespec::client::test
