// Raw requests and raw replies: bytes without boundaries.
#include <gtest/gtest.h>

#include "child_process.h"
#include "scripted_server.h"

namespace framespec::client::test {
namespace {

TEST(Raw, ARequestIsItsBytesAlone) {
  std::string seen;
  {
    const ScriptedServer server([&](Peer& peer) {
      seen = peer.receive();
      peer.send(framed("int32", "reply"));
      seen += "|" + peer.receive_all();
    });
    const Ended ended =
        run_client({server.address(), "-d", "int32", "--request", "raw", "exec", "ls -l"});
    EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
    EXPECT_EQ(ended.out, "reply");
  }
  EXPECT_EQ(seen, "ls -l|");
}

// Raw requests would stick together in the server's queue: each waits for the reply to the one
// before.
TEST(Raw, RequestsDoNotStickTogether) {
  std::string seen;
  {
    const ScriptedServer server([&](Peer& peer) {
      for (std::string text = peer.receive(); !text.empty(); text = peer.receive()) {
        seen += "[" + text + "]";
        peer.send(framed("int32", text));
      }
    });
    const Ended ended = run_client(
        {server.address(), "-d", "int32", "--request", "raw", "-q", "send", "a", "b", "c"});
    EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
    EXPECT_EQ(ended.out, "a\nb\nc\n");
  }
  EXPECT_EQ(seen, "[a][b][c]");
}

TEST(Raw, RepliesAreShownAsTheyComeUpToTheClose) {
  const ScriptedServer server([](Peer& peer) {
    for (std::string text = peer.receive(); !text.empty(); text = peer.receive())
      peer.send("<" + text + ">");
    peer.send(" and a rest");
  });
  const Ended ended =
      run_client({server.address(), "--request", "raw", "--reply", "raw", "-q", "send", "a", "b"});
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.out, "<a>\n<b> and a rest\n");
  const Ended bytes = run_client({server.address(), "--request", "raw", "--reply", "raw", "-q",
                                  "send", "a", "b", "--output", "raw"});
  EXPECT_EQ(bytes.out, "<a><b> and a rest");
}

TEST(Raw, AReplyInManyPiecesIsWholeAtTheClose) {
  const std::string reply(300'000, 'r');
  const ScriptedServer server([&](Peer& peer) {
    peer.receive_all();
    for (std::size_t at = 0; at < reply.size(); at += 1000) peer.send(reply.substr(at, 1000));
  });
  const Ended ended =
      run_client({server.address(), "--request", "raw", "--reply", "raw", "exec", "x"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_TRUE(ended.out == reply);
}

TEST(Raw, WithoutAHalfCloseWhatComesFirstIsTheReply) {
  std::string rest = "?";
  {
    const ScriptedServer server([&](Peer& peer) {
      peer.send("reply to " + peer.receive());
      rest = peer.receive_all();
    });
    const Ended ended = run_client(
        {server.address(), "--request", "raw", "--reply", "raw", "--no-half-close", "exec", "x"});
    EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
    EXPECT_EQ(ended.out, "reply to x");
  }
  EXPECT_EQ(rest, "");
}

TEST(Raw, AServerThatClosesBeforeAnsweringTheLastMessageIsAFinding) {
  const ScriptedServer server([](Peer& peer) { peer.send(peer.receive()); });
  const Ended ended =
      run_client({server.address(), "--request", "raw", "--reply", "raw", "send", "a", "b"});
  EXPECT_NE(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.out, "a\n");
}

TEST(Raw, PromptShowsWhatOneReceiveGives) {
  const ScriptedServer server([](Peer& peer) {
    for (std::string text = peer.receive(); !text.empty(); text = peer.receive())
      peer.send("<" + text + ">");
  });
  const Ended ended = run_client({server.address(), "--request", "raw", "--reply", "raw", "prompt"},
                                 "a\n\nb\nquit\n");
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.out, "<a>\n<b>\n");
}

TEST(Raw, AnEmptyRequestCannotBeSent) {
  const ScriptedServer server([](Peer& peer) { peer.receive_all(); });
  const Ended ended =
      run_client({server.address(), "--request", "raw", "--reply", "raw", "send", ""});
  EXPECT_EQ(ended.exit_code, 2) << to_string(ended);
  EXPECT_TRUE(says(ended, "message 1 is empty: as a raw request it would put nothing on the wire"))
      << ended.err;
}

}  // namespace
}  // namespace framespec::client::test
