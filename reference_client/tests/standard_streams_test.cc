// Standard input, output and error belong to others as well, and may be closed.
#include <gtest/gtest.h>

#include <fstream>

#include "child_process.h"
#include "scripted_server.h"

namespace framespec::client::test {
namespace {

// The flags of the open file behind standard input (as F_GETFL gives them), shared with everyone
// who has inherited it.
std::string input_flags(const ChildProcess& process) {
  std::ifstream info("/proc/" + std::to_string(process.pid()) + "/fdinfo/0");
  for (std::string line; std::getline(info, line);) {
    if (line.starts_with("flags:")) return line;
  }
  return "no flags";
}

void answer_frames(Peer& peer) {
  for (std::string text = peer.receive_frame("int32"); !text.empty();
       text = peer.receive_frame("int32")) {
    peer.send(framed("int32", "<" + text + ">"));
  }
}

// The shell reads from the same open file before and after the client.
void expect_same_flags(ChildProcess::Settings settings) {
  const ScriptedServer server(answer_frames);
  settings.keep_input_open = true;
  ChildProcess shell(
      {"/bin/sh", "-c", "echo ready; read go; \"$0\" \"$@\"; echo over; read rest; echo got $rest",
       FRAMESPEC_CLIENT_PATH, server.address(), "-d", "int32", "prompt"},
      settings);
  ASSERT_TRUE(shell.wait_for_output("ready"));
  const std::string before = input_flags(shell);
  shell.type("go\nhello\n");
  ASSERT_TRUE(shell.wait_for_output("<hello>"));
  shell.type("again\n");
  ASSERT_TRUE(shell.wait_for_output("<again>"));  // it has waited for a line meanwhile
  EXPECT_EQ(input_flags(shell), before) << "while the client runs";
  shell.type("quit\n");
  ASSERT_TRUE(shell.wait_for_output("over"));
  EXPECT_EQ(input_flags(shell), before) << "when the client has ended";
  shell.type("the rest\n");
  const Ended ended = shell.wait();
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_NE(ended.out.find("got the rest"), std::string::npos) << ended.out;
}

TEST(StandardInput, APipeIsLeftAsItWas) { expect_same_flags({}); }

TEST(StandardInput, ATerminalIsLeftAsItWas) { expect_same_flags({.on_terminal = true}); }

TEST(StandardInput, AClosedOneIsReported) {
  const ScriptedServer server(answer_frames);
  const Ended ended = run_redirected("<&-", {server.address(), "-d", "int32", "send"});
  EXPECT_EQ(ended.exit_code, 3) << to_string(ended);
  EXPECT_NE(ended.err.find("cannot read standard input: Bad file descriptor"), std::string::npos)
      << ended.err;
}

TEST(StandardOutput, AClosedOneIsReported) {
  const ScriptedServer server(answer_frames);
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"send", "x"}, {"exec", "x"}, {"get", "x", "-o", "-"}}) {
    std::vector<std::string> arguments{server.address(), "-d", "int32"};
    arguments.insert(arguments.end(), command.begin(), command.end());
    const Ended ended = run_redirected(">&-", arguments);
    EXPECT_EQ(ended.exit_code, 3) << command.front() << to_string(ended);
    EXPECT_NE(ended.err.find("cannot write to standard output: Bad file descriptor"),
              std::string::npos)
        << ended.err;
  }
}

TEST(StandardError, AClosedOneHidesNoExitCode) {
  const ScriptedServer server(answer_frames);
  const Ended good = run_redirected("2>&-", {server.address(), "-d", "int32", "send", "x"});
  EXPECT_EQ(good.exit_code, 0) << to_string(good);
  EXPECT_EQ(good.out, "<x>\n");
  const Ended bad = run_redirected("2>&-", {"127.0.0.1", "-d", "int32", "send", "x"});
  EXPECT_EQ(bad.exit_code, 2) << to_string(bad);
}

TEST(StandardOutput, AHelpTextThatCannotBeWrittenIsAnError) {
  const Ended ended = run_redirected(">&-", {"--help"});
  EXPECT_EQ(ended.exit_code, 3) << to_string(ended);
}

}  // namespace
}  // namespace framespec::client::test
