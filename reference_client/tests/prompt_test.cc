// `prompt`: the interactive loop, on a terminal and in a pipe.
#include <gtest/gtest.h>

#include <atomic>

#include "child_process.h"
#include "scripted_server.h"

namespace framespec::client::test {
namespace {

void upper_frames(Peer& peer) {
  for (std::string text = peer.receive_frame("int32"); !text.empty();
       text = peer.receive_frame("int32")) {
    for (char& letter : text)
      letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    peer.send(framed("int32", text));
  }
}

TEST(Prompt, AnswersLinesOfAPipeAndSkipsEmptyOnes) {
  const ScriptedServer server(upper_frames);
  const Ended ended =
      run_client({server.address(), "-d", "int32", "prompt"}, "one\n\n  \ntwo\nthree");
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.out, "ONE\nTWO\nTHREE\n");
  EXPECT_EQ(ended.err, "");
}

TEST(Prompt, QuitAndExitEndIt) {
  const ScriptedServer server(upper_frames);
  for (const char* word : {"quit", "exit"}) {
    const Ended ended = run_client({server.address(), "-d", "int32", "prompt"},
                                   std::string("one\n") + word + "\ntwo\n");
    EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
    EXPECT_EQ(ended.out, "ONE\n");
  }
}

TEST(Prompt, PromptsOnATerminal) {
  const ScriptedServer server(upper_frames);
  ChildProcess process(client({server.address(), "-d", "int32", "prompt"}),
                       {.on_terminal = true, .environment = {"TERM=xterm"}});
  ASSERT_TRUE(process.wait_for_output(">>: "));
  process.type("hello\n");
  ASSERT_TRUE(process.wait_for_output("HELLO\r\n>>: "));
  process.type("\x04");
  const Ended ended = process.wait();
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
}

TEST(Prompt, CtrlCEndsIt) {
  const ScriptedServer server(upper_frames);
  ChildProcess process(client({server.address(), "-d", "int32", "prompt"}), {.on_terminal = true});
  ASSERT_TRUE(process.wait_for_output(">>: "));
  process.type("\x03");
  EXPECT_EQ(process.wait().signal, SIGINT);
}

TEST(Prompt, ALostConnectionIsSaidWhileNobodyTypes) {
  const ScriptedServer server(
      [](Peer& peer) { peer.send(framed("int32", peer.receive_frame("int32"))); });
  ChildProcess process(client({server.address(), "-d", "int32", "prompt"}),
                       {.keep_input_open = true});
  process.type("hello\n");
  const Ended ended = process.wait();  // its input is still open
  EXPECT_EQ(ended.exit_code, 1) << to_string(ended);
  EXPECT_EQ(ended.out, "hello\n");
  EXPECT_EQ(ended.err, "framespec-client: error: " + server.address() +
                           " closed the connection while it was waiting for a request\n");
}

TEST(Prompt, AReplyThatNobodyAskedForIsShown) {
  const ScriptedServer server([](Peer& peer) {
    peer.send(framed("int32", "welcome"));
    upper_frames(peer);
  });
  ChildProcess process(client({server.address(), "-d", "int32", "prompt"}),
                       {.keep_input_open = true});
  ASSERT_TRUE(process.wait_for_output("welcome\n"));
  process.type("hello\nquit\n");
  const Ended ended = process.wait();
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.out, "welcome\nHELLO\n");
}

TEST(Prompt, AServerThatLeavesInsteadOfAnsweringIsAFinding) {
  const ScriptedServer server([](Peer& peer) {
    peer.receive_frame("int32");  // all of it: a close over unread bytes would be a reset
    peer.send("\x05");
  });
  const Ended ended = run_client({server.address(), "-d", "int32", "prompt"}, "hello\n");
  EXPECT_EQ(ended.exit_code, 1) << to_string(ended);
  EXPECT_NE(ended.err.find("closed the connection inside reply 1: truncated at byte 1"),
            std::string::npos)
      << ended.err;
}

}  // namespace
}  // namespace framespec::client::test
