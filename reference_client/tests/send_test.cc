// `send` with framed replies.
#include <gtest/gtest.h>

#include <chrono>

#include "child_process.h"
#include "scratch_folder.h"
#include "scripted_server.h"

namespace framespec::client::test {
namespace {

// An echo of frames is an echo of bytes, wherever they are cut.
void echo_bytes(Peer& peer) {
  for (std::string bytes = peer.receive(); !bytes.empty(); bytes = peer.receive()) {
    if (!peer.send(bytes)) return;
  }
}

TEST(Send, PrintsEachReplyOnALine) {
  const ScriptedServer server(echo_bytes);
  const Ended ended =
      run_client({server.address(), "--dialect", "int32", "send", "hello", "", "wörld"});
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.out, "hello\n\nwörld\n");
  EXPECT_EQ(ended.err,
            "framespec-client: 3 messages sent (11 bytes), 3 replies received (11 bytes)\n");
}

TEST(Send, TakesOptionsBeforeAndAfterTheSubcommand) {
  const ScriptedServer server(echo_bytes);
  const Ended after = run_client({server.address(), "send", "x", "--dialect", "int64", "--quiet"});
  EXPECT_EQ(after.exit_code, 0) << to_string(after);
  EXPECT_EQ(after.out, "x\n");
  EXPECT_EQ(after.err, "");
  const Ended before = run_client({"--quiet", "-d", "int64", server.address(), "send", "x"});
  EXPECT_EQ(before.exit_code, 0) << to_string(before);
  EXPECT_EQ(before.out, "x\n");
}

TEST(Send, EveryShippedShapeOfPrefixEchoes) {
  const ScriptedServer server(echo_bytes);
  for (const char* dialect :
       {"int32", "int64", "json", "int32be", "int64be", "uint16be", "varint"}) {
    const Ended ended =
        run_client({server.address(), "-d", dialect, "-q", "send", "--expect-echo", "one", "two"});
    EXPECT_EQ(ended.exit_code, 0) << dialect << ": " << to_string(ended);
    EXPECT_EQ(ended.out, "one\ntwo\n") << dialect;
  }
}

TEST(Send, WorksOverIpv6AndUnixSockets) {
  const ScriptedServer ipv6(echo_bytes, ScriptedServer::Family::kIpv6);
  const Ended over_ipv6 = run_client({ipv6.address(), "-d", "int32", "send", "x"});
  EXPECT_EQ(over_ipv6.out, "x\n") << to_string(over_ipv6);
  const ScratchFolder folder;
  const ScriptedServer local(echo_bytes, folder.path("echo.sock"));
  const Ended over_unix = run_client({local.address(), "-d", "int32", "send", "x"});
  EXPECT_EQ(over_unix.out, "x\n") << to_string(over_unix);
}

TEST(Send, LinesOfStandardInputAreMessages) {
  const ScriptedServer server(echo_bytes);
  const Ended ended =
      run_client({server.address(), "-d", "int32", "-q", "send"}, "a\n\nb\r\nno line feed");
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.out, "a\n\nb\r\nno line feed\n");
}

TEST(Send, ALineIsAnsweredBeforeTheNextIsTyped) {
  const ScriptedServer server(echo_bytes);
  ChildProcess process(client({server.address(), "-d", "int32", "-q", "send"}),
                       {.keep_input_open = true});
  process.type("first\n");
  EXPECT_TRUE(process.wait_for_output("first\n"));
  process.type("second\n");
  EXPECT_TRUE(process.wait_for_output("second\n"));
  process.close_input();
  const Ended ended = process.wait();
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
}

TEST(Send, TextsThenFilesThenLines) {
  const ScratchFolder folder;
  folder.write("one", "content\nof one");
  folder.write("two", std::string("\0\xff", 2));
  const ScriptedServer server(echo_bytes);
  const Ended ended = run_client(
      {server.address(), "-d", "json", "-q", "send", "text", "--file", folder.path("one"), "--file",
       folder.path("two"), "--lines", "--output", "raw", "--expect-echo"},
      "line\n");
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.out, std::string("textcontent\nof one\0\xffline", 24));
}

TEST(Send, AFileWhoseNameAJsonHeaderCannotSayGoesByTheNameOfRequests) {
  const ScratchFolder folder;
  folder.write("a\xff", "hello");
  const ScriptedServer server(echo_bytes);
  const Ended ended = run_client({server.address(), "-d", "json", "-q", "send", "--file",
                                  folder.path("a\xff"), "--output", "json"});
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_NE(ended.out.find("\"filename\":\"request\""), std::string::npos) << ended.out;
}

TEST(Send, PrintsHexadecimalAndJson) {
  const ScriptedServer server(echo_bytes);
  const ScratchFolder folder;
  folder.write("bytes", std::string("\0\xff", 2));
  const Ended hex = run_client({server.address(), "-d", "int32", "-q", "send", "az", "-f",
                                folder.path("bytes"), "--output", "hex"});
  EXPECT_EQ(hex.out, "617a\n00ff\n") << to_string(hex);
  const Ended json = run_client({server.address(), "-d", "int32", "-q", "send", "a\"z", "-f",
                                 folder.path("bytes"), "--output", "json"});
  EXPECT_EQ(json.out,
            "{\"reply\":1,\"offset\":0,\"size\":3,\"text\":\"a\\\"z\"}\n"
            "{\"reply\":2,\"offset\":7,\"size\":2,\"hex\":\"00ff\"}\n")
      << to_string(json);
  const Ended header =
      run_client({server.address(), "-d", "json", "-q", "send", "hello", "--output", "json"});
  EXPECT_EQ(header.out,
            "{\"reply\":1,\"offset\":0,\"size\":5,\"filename\":\"request\","
            "\"md5\":\"5d41402abc4b2a76b9719d911017c592\",\"total_size\":5,\"text\":\"hello\"}\n")
      << to_string(header);
}

TEST(Send, FramesMayComeByteByByte) {
  const ScriptedServer server([](Peer& peer) {
    const std::string payload = peer.receive_frame("int32");
    peer.send_byte_by_byte(framed("int32", payload) + framed("int32", "") +
                           framed("int32", "last"));
  });
  const Ended ended =
      run_client({server.address(), "-d", "int32", "-q", "send", "first", "", "last"});
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.out, "first\n\nlast\n");
}

TEST(Send, AWrongEchoIsAFinding) {
  const ScriptedServer server([](Peer& peer) {
    peer.receive_frame("int32");
    peer.send(framed("int32", "hallo"));
    peer.receive_all();
  });
  const Ended ended =
      run_client({server.address(), "-d", "int32", "-q", "send", "--expect-echo", "hello"});
  EXPECT_EQ(ended.exit_code, 1) << to_string(ended);
  EXPECT_EQ(
      ended.err,
      "framespec-client: warning: reply 1 of 5 bytes is not message 1 of 5 bytes: they differ from "
      "byte 1 on\n"
      "framespec-client: error: 1 of 1 replies are not what was sent\n");
}

ScriptedServer::Script echo_under(const std::string& filename) {
  return [filename](Peer& peer) {
    peer.send(framed("json", peer.receive_frame("json"), filename));
    peer.receive_all();
  };
}

TEST(Send, ARightPayloadUnderAnotherNameIsNoEcho) {
  const ScriptedServer server(echo_under("other.txt"));
  const Ended ended =
      run_client({server.address(), "-d", "json", "-q", "send", "--expect-echo", "hello"});
  EXPECT_EQ(ended.exit_code, 1) << to_string(ended);
  EXPECT_NE(ended.err.find("reply 1 names the file 'other.txt', message 1 named 'request'"),
            std::string::npos)
      << ended.err;
}

TEST(Send, ControlCharactersOfTheServerDoNotReachTheTerminal) {
  const ScriptedServer server(echo_under("a\x1b[2Jb\r\u009b\u202e"));
  const Ended ended =
      run_client({server.address(), "-d", "json", "-q", "send", "--expect-echo", "hello"});
  EXPECT_NE(ended.err.find(R"(names the file 'a\x1b[2Jb\x0d\xc2\x9b\xe2\x80\xae')"),
            std::string::npos)
      << ended.err;
}

TEST(Send, AHundredThousandPipelinedFramesDoNotDeadlock) {
  const ScriptedServer server(echo_bytes);
  std::string lines;
  for (int number = 0; number < 100'000; ++number) {
    lines += "message " + std::to_string(number) + "\n";
  }
  const Ended ended = run_client({server.address(), "-d", "int32", "send", "--expect-echo"}, lines);
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.out, lines);
  EXPECT_NE(ended.err.find("100000 messages sent"), std::string::npos) << ended.err;
}

// A server that answers each request with far more than it was sent, and reads on only when its
// answer is taken: a client that wrote everything first would wait for ever.
TEST(Send, RepliesAreReadWhileRequestsAreWritten) {
  constexpr int kMessages = 200;
  const std::string reply(1'000'000, 'r');
  const ScriptedServer server([&](Peer& peer) {
    for (int index = 0; index < kMessages; ++index) {
      peer.receive_frame("int32");
      if (!peer.send(framed("int32", reply))) return;
    }
  });
  std::string lines;
  for (int index = 0; index < kMessages; ++index) lines += std::string(100'000, 'q') + "\n";
  const Ended ended =
      run_client({server.address(), "-d", "int32", "-q", "send", "--output", "raw"}, lines);
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.out.size(), kMessages * reply.size());
}

TEST(Send, OneFrameLargerThanEverySocketBufferGetsThrough) {
  const ScratchFolder folder;
  std::string big;
  big.resize(40'000'000, 'b');
  folder.write("big", big);
  const ScriptedServer server(echo_bytes);
  const Ended ended = run_client({server.address(), "-d", "int64", "-q", "send", "--file",
                                  folder.path("big"), "--expect-echo", "--output", "raw"});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(ended.out.size(), 40'000'000U);
}

TEST(Send, InFlightBoundsWhatIsSentAhead) {
  const ScriptedServer server([](Peer& peer) {
    // With two in flight the third request must not be there before the first reply is sent.
    peer.receive_frame("int32");
    peer.receive_frame("int32");
    peer.send(framed("int32", peer.has_bytes() ? "too early" : "one") + framed("int32", "two"));
    peer.receive_frame("int32");
    peer.send(framed("int32", "three"));
  });
  const Ended ended = run_client(
      {server.address(), "-d", "int32", "-q", "send", "--in-flight", "2", "a", "b", "c"});
  EXPECT_EQ(ended.out, "one\ntwo\nthree\n") << to_string(ended);
}

TEST(Send, APayloadThatTheLengthCannotHoldIsRefusedBeforeItsFirstByte) {
  std::string seen;
  {
    const ScriptedServer server([&](Peer& peer) { seen = peer.receive_all(); });
    const Ended ended =
        run_client({server.address(), "-d", "uint16be", "send", std::string(70'000, 'x')});
    EXPECT_EQ(ended.exit_code, 2) << to_string(ended);
    EXPECT_NE(ended.err.find("message 1 cannot be sent in dialect 'uint16be'"), std::string::npos)
        << ended.err;
  }
  EXPECT_EQ(seen, "");
}

TEST(Send, WithoutRepliesItHalfClosesAndWaitsForTheEnd) {
  std::string seen;
  {
    const ScriptedServer server([&](Peer& peer) { seen = peer.receive_all(); });
    const Ended ended = run_client({server.address(), "--request", "raw", "--reply", "raw", "send",
                                    "--no-reply", "hello", "world"});
    EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  }
  EXPECT_EQ(seen, "helloworld");
}

TEST(Send, BytesBehindTheLastReplyAreReported) {
  const ScriptedServer server([](Peer& peer) {
    peer.receive_frame("int32");
    peer.send(framed("int32", "one") + framed("int32", "two"));
    peer.receive_all();
  });
  const Ended ended = run_client({server.address(), "-d", "int32", "-q", "send", "x"});
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.out, "one\n");
  EXPECT_NE(ended.err.find("7 bytes came behind the last reply"), std::string::npos) << ended.err;
}

TEST(Send, AFullStandardOutputIsReported) {
  const ScriptedServer server(echo_bytes);
  ChildProcess process({"/bin/sh", "-c", "exec \"$0\" \"$@\" > /dev/full", FRAMESPEC_CLIENT_PATH,
                        server.address(), "-d", "int32", "send", "x"});
  const Ended ended = process.wait();
  EXPECT_EQ(ended.exit_code, 3) << to_string(ended);
  EXPECT_NE(ended.err.find("cannot write to standard output: No space left on device"),
            std::string::npos)
      << ended.err;
}

}  // namespace
}  // namespace framespec::client::test
