// --reply-segmentation, as a client sees it.
#include <gtest/gtest.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <signal.h>

#include <string>
#include <vector>

#include "exec_request.h"
#include "file_request.h"
#include "framespec/dialect.h"
#include "framespec/encoder.h"
#include "plain_socket.h"
#include "served_connection.h"
#include "server_process.h"
#include "temporary_folder.h"

namespace framespec::server::testing {
namespace {

// The TCP segments with data that the kernel has taken for us.
std::size_t segments_received(const PlainSocket& peer) {
  tcp_info info{};
  socklen_t size = sizeof(info);
  EXPECT_EQ(::getsockopt(peer.fd(), IPPROTO_TCP, TCP_INFO, &info, &size), 0);
  return info.tcpi_data_segs_in;
}

class CutReplies : public ::testing::TestWithParam<std::string> {
 protected:
  std::vector<std::string> cut(std::vector<std::string> arguments) const {
    arguments.insert(arguments.end(), {"--reply-segmentation", GetParam()});
    return arguments;
  }
};

TEST_P(CutReplies, are_the_same_bytes_in_every_dialect) {
  for (const char* name : {"int32", "int64", "json", "uint16be", "varint", "amqp091", "grpc"}) {
    const Dialect& dialect = *find_dialect(name);
    const ServerProcess server(cut({"--dialect", name}));
    PlainSocket peer(server.address());
    ByteVector frames;
    for (const std::string& payload :
         {std::string("hello"), std::string(), std::string(300, 'x'), std::string("\0\n", 2)}) {
      ASSERT_TRUE(append_frame(frames, dialect, as_bytes(payload), {.filename = "a.txt"}));
    }
    const std::string expected(as_text(frames));
    ASSERT_TRUE(peer.send(expected));
    EXPECT_EQ(peer.receive(expected.size()), expected) << name;
  }
}

TEST_P(CutReplies, are_those_of_every_service) {
  const TemporaryFolder folder;
  folder.write("a", "content");
  struct Served {
    std::vector<std::string> arguments;
    std::string request;
    std::string reply;
  };
  for (const Served& served :
       {Served{{"--service", "upper"}, int32_frame("hello"), int32_frame("HELLO")},
        Served{serving(folder), int32_frame("a"), int32_frame("content")},
        Served{allowing({"echo out"}), int32_frame("echo out"), int32_frame("out\n")},
        Served{{"--request", "raw", "--reply", "raw"}, "hello", "hello"}}) {
    const ServerProcess server(cut(served.arguments));
    PlainSocket peer(server.address());
    for (int round = 0; round < 2; ++round) {
      ASSERT_TRUE(peer.send(served.request));
      EXPECT_EQ(peer.receive(served.reply.size()), served.reply);
    }
    peer.finish_sending();
    EXPECT_EQ(peer.receive_rest().end, StreamEnd::kFin);
  }
}

TEST_P(CutReplies, come_before_the_end_that_follows_an_error) {
  const ServerProcess server(cut({"--log-format", "json"}));
  PlainSocket peer(server.address());
  const std::string whole = int32_frame("whole");
  ASSERT_TRUE(peer.send(whole + whole + "\xff\xff\xff\xff"));
  const RestOfStream rest = peer.receive_rest();
  EXPECT_EQ(rest.bytes, whole + whole);
  EXPECT_EQ(rest.end, StreamEnd::kFin);
  const nlohmann::json end = logged_end(server);
  EXPECT_EQ(end.at("error"), "negative_length");
  EXPECT_EQ(end.at("bytes_out"), 2 * whole.size());
}

TEST_P(CutReplies, cost_no_more_memory_than_others) {
  const ServerProcess server(cut({"--quiet"}));
  PlainSocket peer(server.address());
  const std::string frame = int32_frame(std::string(1 << 20, 'x'));
  ASSERT_TRUE(peer.send(frame));
  ASSERT_TRUE(peer.is_readable_within(60'000));
  EXPECT_LT(server.memory_peak_kib(), kMemoryMaxKib);
}

INSTANTIATE_TEST_SUITE_P(Named, CutReplies,
                         ::testing::Values("whole", "cut_at-3", "cuts-1-5", "byte_by_byte",
                                           "chunk-7", "random-42", "coalesced-2", "coalesced-9",
                                           "straddled"),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

TEST(CutReply, comes_in_segments_of_its_own) {
  const ServerProcess server({"--reply-segmentation", "byte_by_byte"});
  PlainSocket peer(server.address());
  const std::string frame = int32_frame(std::string(100, 'x'));
  ASSERT_TRUE(peer.send(frame));
  EXPECT_EQ(peer.receive(frame.size()), frame);
  // The kernel may repeat one on a busy machine, and never joins what it has sent.
  EXPECT_GE(segments_received(peer), frame.size());
}

TEST(JoinedReplies, wait_for_requests_that_come_apart) {
  const ServerProcess server({"--reply-segmentation", "coalesced-2"});
  const std::string frame = int32_frame("x");
  // On a busy machine the second request may come after the time that the first is held for.
  EXPECT_TRUE(eventually([&] {
    PlainSocket peer(server.address());
    if (!peer.send(frame) || !peer.send(frame)) return false;
    return peer.receive_once() == frame + frame;
  }));
}

TEST(JoinedReplies, are_not_waited_for_when_the_client_waits) {
  const ServerProcess server({"--reply-segmentation", "coalesced-9"});
  PlainSocket peer(server.address());
  for (int round = 0; round < 3; ++round) expect_echo(peer);
  // Nor inside a frame, whose end may never come.
  const std::string frame = int32_frame("whole");
  ASSERT_TRUE(peer.send(frame + std::string("\5\0\0\0he", 6)));
  EXPECT_EQ(peer.receive(frame.size()), frame);
}

TEST(JoinedReplies, come_before_the_end_of_the_stream) {
  const ServerProcess server({"--reply-segmentation", "coalesced-9"});
  PlainSocket peer(server.address());
  const std::string frame = int32_frame("last");
  ASSERT_TRUE(peer.send(frame));
  peer.finish_sending();
  const RestOfStream rest = peer.receive_rest();
  EXPECT_EQ(rest.bytes, frame);
  EXPECT_EQ(rest.end, StreamEnd::kFin);
}

// A reply that takes at least half a minute, of which something has come.
PlainSocket in_the_middle_of_a_reply(const ServerProcess& server) {
  PlainSocket peer(server.address());
  EXPECT_TRUE(peer.send(int32_frame(std::string(60'000, 'x'))));
  EXPECT_EQ(peer.receive(10).size(), 10U);
  return peer;
}

TEST(LongCutReply, is_cut_off_by_the_drain_timeout_and_by_a_second_signal) {
  for (const char* timeout : {"0.05", "1000"}) {
    ServerProcess server({"--log-format", "json", "--reply-segmentation", "byte_by_byte",
                          "--drain-timeout", timeout});
    const PlainSocket peer = in_the_middle_of_a_reply(server);
    server.send_signal(SIGTERM);
    ASSERT_TRUE(server.wait_for_log("draining"));
    if (std::string_view(timeout) == "1000") server.send_signal(SIGTERM);
    EXPECT_EQ(server.wait_for_end(), 0);
    EXPECT_EQ(logged_end(server).at("end"), "aborted") << timeout;
  }
}

TEST(LongCutReply, ends_with_its_peer_and_keeps_nobody_waiting) {
  const ServerProcess server({"--log-format", "json", "--reply-segmentation", "byte_by_byte"});
  PlainSocket peer = in_the_middle_of_a_reply(server);
  expect_alive(server);
  ASSERT_TRUE(server.wait_for_log("connection_closed"));
  peer.reset();
  EXPECT_TRUE(server.wait_for_log("\"end\":\"reset\""));
}

TEST(LongCutReply, is_no_idle_connection_while_it_goes_on) {
  const ServerProcess server({"--reply-segmentation", "byte_by_byte", "--idle-timeout", "3"});
  PlainSocket peer(server.address());
  // Longer than the time-out, as each byte takes a millisecond at least.
  const std::string frame = int32_frame(std::string(4'000, 'x'));
  ASSERT_TRUE(peer.send(frame));
  EXPECT_EQ(peer.receive(frame.size()), frame);
}

}  // namespace
}  // namespace framespec::server::testing
