// Servers that break the protocol, leave, or fall silent.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "child_process.h"
#include "own_port.h"
#include "scripted_server.h"

namespace framespec::client::test {
namespace {

using std::string_literals::operator""s;

TEST(BrokenServer, NobodyListens) {
  const OwnPort port;
  const Ended ended = run_client({port.address(), "-d", "int32", "send", "x"});
  EXPECT_EQ(ended.exit_code, 3) << to_string(ended);
  EXPECT_EQ(ended.err, "framespec-client: error: cannot connect to " + port.address() +
                           ": Connection refused; is a server listening there?\n");
}

TEST(BrokenServer, NoSuchSocketOrHost) {
  const Ended no_socket = run_client({"unix:/nonexistent/socket", "-d", "int32", "send", "x"});
  EXPECT_EQ(no_socket.exit_code, 3) << to_string(no_socket);
  EXPECT_TRUE(says(no_socket, "there is no such socket")) << no_socket.err;
  const Ended no_host =
      run_client({"999.1.1.1:7", "-d", "int32", "send", "x", "--connect-timeout", "60"});
  EXPECT_EQ(no_host.exit_code, 3) << to_string(no_host);
  EXPECT_TRUE(says(no_host, "cannot find the host of '999.1.1.1:7'")) << no_host.err;
}

TEST(BrokenServer, TheConnectTimeoutEndsAnAttempt) {
  OwnPort port;
  port.fill_queue();
  const Ended ended =
      run_client({port.address(), "-d", "int32", "send", "x", "--connect-timeout", "0.3"});
  EXPECT_EQ(ended.exit_code, 3) << to_string(ended);
  EXPECT_TRUE(says(ended, "did not take the connection within 0.3 s (--connect-timeout)"))
      << ended.err;
}

TEST(BrokenServer, SilenceEndsByTheTimeout) {
  for (const char* command : {"send", "exec", "get"}) {
    const ScriptedServer server([](Peer& peer) { peer.receive_all(); });
    const Ended ended =
        run_client({server.address(), "-d", "int32", "--timeout", "0.3", command, "x"});
    EXPECT_EQ(ended.exit_code, 3) << command << to_string(ended);
    EXPECT_TRUE(says(ended, "nothing came from " + server.address() + " for 0.3 s")) << ended.err;
  }
}

TEST(BrokenServer, AServerThatNeverReadsEndsByTheTimeout) {
  std::atomic<bool> over = false;
  const ScriptedServer server([&](Peer&) { over.wait(false); });
  std::string line;
  line.resize(30'000'000, 'x');
  const Ended ended =
      run_client({server.address(), "-d", "int32", "--timeout", "0.5", "send"}, line + "\n");
  over = true;
  over.notify_all();
  EXPECT_EQ(ended.exit_code, 3) << to_string(ended);
  EXPECT_TRUE(says(ended, "--timeout")) << ended.err;
}

// Each byte starts the limit anew. The pauses are what is tested: all together they are longer than
// the limit, and each is so much shorter that a busy machine does not stretch it that far.
TEST(BrokenServer, ASlowReplyIsNoSilentOne) {
  const std::string payload(36, 's');
  const ScriptedServer server([&](Peer& peer) {
    peer.receive_frame("int32");
    const std::string reply = framed("int32", payload);
    for (const char& byte : reply) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      peer.send({&byte, 1});
    }
  });
  const Ended ended =
      run_client({server.address(), "-d", "int32", "-q", "--timeout", "3", "send", "x"});
  EXPECT_EQ(ended.exit_code, 0) << to_string(ended);
  EXPECT_EQ(ended.out, payload + "\n");
}

TEST(BrokenServer, ClosesInsteadOfAnswering) {
  const ScriptedServer server([](Peer& peer) {
    peer.receive_frame("int32");
    peer.receive_frame("int32");
    peer.send(framed("int32", "one"));
  });
  const Ended ended = run_client({server.address(), "-d", "int32", "send", "a", "b"});
  EXPECT_EQ(ended.exit_code, 1) << to_string(ended);
  EXPECT_EQ(ended.out, "one\n");
  EXPECT_TRUE(says(ended,
                   "closed the connection before reply 2: 1 of 2 messages sent so far have no "
                   "answer, and no byte of one had come"))
      << ended.err;
}

TEST(BrokenServer, ClosesAtEveryByteOfAReply) {
  const std::string reply = framed("json", "payload");
  const auto stride = [&](std::size_t size) -> std::size_t {
    return size < 6 || size + 9 > reply.size() ? 1 : 17;  // every byte of the prefix and of the end
  };
  for (std::size_t size = 1; size < reply.size(); size += stride(size)) {
    const ScriptedServer server([&](Peer& peer) {
      peer.receive_frame("json");
      peer.send(reply.substr(0, size));
    });
    const Ended ended = run_client({server.address(), "-d", "json", "exec", "x"});
    EXPECT_EQ(ended.exit_code, 1) << size << to_string(ended);
    EXPECT_EQ(ended.out, "");
    EXPECT_TRUE(says(ended, "truncated at byte " + std::to_string(size))) << ended.err;
  }
}

TEST(BrokenServer, ResetsTheConnection) {
  const ScriptedServer server([](Peer& peer) {
    peer.receive_frame("int32");
    peer.send(framed("int32", "whole") + "\x09"s);
    peer.receive();  // the next request: the client has taken the reply
    peer.reset();
  });
  const Ended ended =
      run_client({server.address(), "-d", "int32", "send", "--in-flight", "1", "a", "b"});
  EXPECT_EQ(ended.exit_code, 3) << to_string(ended);
  EXPECT_EQ(ended.out, "whole\n");
  EXPECT_TRUE(says(ended, "was lost while waiting for a reply")) << ended.err;
  EXPECT_TRUE(says(ended, "Connection reset by peer")) << ended.err;
}

TEST(BrokenServer, ProtocolErrorsAreFindingsWithKindAndOffset) {
  struct Row {
    const char* dialect;
    std::string reply;
    const char* said;
  };
  const std::vector<Row> rows{
      {"int32", "\xff\xff\xff\xff"s, "negative_length at byte 0"},
      {"int32", framed("int32", "good") + "\xff\xff\xff\xff"s, "negative_length at byte 8"},
      {"int64", "\xff\xff\xff\xff\xff\xff\xff\xff"s, "negative_length at byte 0"},
      {"varint", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"s, "bad_varint at byte 0"},
      {"json", "\x02\x00\x00\x00[]"s, "header_syntax at byte 4"},
      {"json", json_frame("a/b", "165069c8f668edb6b48f208f7a5c6a00", "1", "x"),
       "header_bad_value at byte 4"},
      {"json", "HTTP/1.1 400 Bad Request\r\n"s, "header_too_large at byte 0"},
  };
  for (const Row& row : rows) {
    const ScriptedServer server([&](Peer& peer) {
      peer.receive();
      peer.send(row.reply);
      peer.receive_all();
    });
    const Ended ended = run_client({server.address(), "-d", row.dialect, "send", "x", "y"});
    EXPECT_EQ(ended.exit_code, 1) << row.said << to_string(ended);
    EXPECT_TRUE(says(ended, row.said)) << row.said << "\n" << ended.err;
  }
}

TEST(BrokenServer, APayloadAboveTheLimitIsRefusedAtThePrefix) {
  const ScriptedServer server([](Peer& peer) {
    peer.receive_frame("int32");
    peer.send("\xff\xff\xff\x7f"s);
    peer.receive_all();
  });
  const Ended ended =
      run_client({server.address(), "-d", "int32", "--max-payload", "1M", "send", "x"});
  EXPECT_EQ(ended.exit_code, 1) << to_string(ended);
  EXPECT_TRUE(says(ended, "too_large at byte 0")) << ended.err;
  EXPECT_TRUE(says(ended, "1048576")) << ended.err;
}

// Two gigabytes announced, a few bytes sent: nothing may be reserved for the rest (LIM-3).
TEST(BrokenServer, MemoryFollowsWhatIsReceivedNotWhatIsAnnounced) {
  const ScriptedServer server([](Peer& peer) {
    peer.receive_frame("int32");
    peer.send("\xff\xff\xff\x7f"s + std::string(1000, 'x'));
  });
  const Ended ended = run_client({server.address(), "-d", "int32", "exec", "x"});
  EXPECT_EQ(ended.exit_code, 1) << to_string(ended);
  EXPECT_TRUE(says(ended, "truncated at byte 1004")) << ended.err;
  EXPECT_LT(ended.peak_rss_kib, FRAMESPEC_RSS_KIB_MAX);
}

TEST(BrokenServer, ThirtyEightDigitsAreReportedDigitByDigit) {
  const std::string digits = "11111111111111111111111111111111111111";
  for (const char* command : {"exec", "get"}) {
    const ScriptedServer server([&](Peer& peer) {
      peer.receive();
      peer.send(json_frame("musibii.jpg", "165069c8f668edb6b48f208f7a5c6a00", digits, "payload"));
      peer.receive_all();
    });
    const Ended ended =
        run_client({server.address(), "-d", "json", "--request", "raw", command, "x"});
    EXPECT_EQ(ended.exit_code, 1) << to_string(ended);
    EXPECT_TRUE(says(ended, "too_large at byte 4")) << ended.err;
    EXPECT_TRUE(says(ended, digits)) << ended.err;
  }
}

TEST(BrokenServer, AWrongDigestIsAFindingAWarningOrNothing) {
  const ScriptedServer server([](Peer& peer) {
    peer.receive_frame("json");
    peer.send(json_frame("musibii.jpg", "165069c8f668edb6b48f208f7a5c6a00", "5", "hello"));
    peer.receive_all();
  });
  const std::string both =
      "says md5 165069c8f668edb6b48f208f7a5c6a00, its payload has md5 "
      "5d41402abc4b2a76b9719d911017c592";
  const Ended verify = run_client({server.address(), "-d", "json", "exec", "x"});
  EXPECT_EQ(verify.exit_code, 1) << to_string(verify);
  EXPECT_EQ(verify.out, "");
  EXPECT_TRUE(says(verify, "error: digest_mismatch at byte ")) << verify.err;
  EXPECT_TRUE(says(verify, both)) << verify.err;
  const Ended warn = run_client({server.address(), "-d", "json", "exec", "x", "--md5", "warn"});
  EXPECT_EQ(warn.exit_code, 0) << to_string(warn);
  EXPECT_EQ(warn.out, "hello");
  EXPECT_TRUE(says(warn, "warning: digest_mismatch")) << warn.err;
  const Ended ignore = run_client({server.address(), "-d", "json", "exec", "x", "--md5", "ignore"});
  EXPECT_EQ(ignore.exit_code, 0) << to_string(ignore);
  EXPECT_EQ(ignore.out, "hello");
  EXPECT_EQ(ignore.err, "");
}

}  // namespace
}  // namespace framespec::client::test
