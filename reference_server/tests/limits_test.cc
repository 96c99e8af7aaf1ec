// What the server bounds: sizes, memory, times and descriptors. SPEC.md, rules LIM and TIM.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "plain_socket.h"
#include "served_connection.h"
#include "server_process.h"

namespace framespec::server::testing {
namespace {

TEST(Limits, the_maximum_is_inclusive) {
  const ServerProcess server({"--max-payload", "1K"});
  PlainSocket peer(server.address());
  expect_echo(peer, std::string(1024, 'x'));
  ASSERT_TRUE(peer.send(std::string_view("\x01\x04\0\0", 4)));
  const RestOfStream rest = peer.receive_rest();
  EXPECT_EQ(rest.bytes, "");
  EXPECT_EQ(rest.end, StreamEnd::kFin);
}

TEST(Limits, an_announced_size_costs_no_memory) {
  const ServerProcess server({"--dialect", "int64", "--max-payload", "4G", "--quiet"});
  std::vector<PlainSocket> peers;
  for (int i = 0; i < 50; ++i) {
    peers.emplace_back(server.address());
    ASSERT_TRUE(peers.back().send(std::string_view("\0\0\0\0\x01\0\0\0only this", 17)));
  }
  PlainSocket working(server.address());
  ASSERT_TRUE(working.send(int64_frame("hello")));
  EXPECT_EQ(working.receive(13), int64_frame("hello"));
  EXPECT_LT(server.memory_peak_kib(), kMemoryMaxKib);
}

TEST(Limits, a_size_of_38_digits_is_reported_digit_by_digit) {
  const ServerProcess server({"--dialect", "json", "--log-format", "json"});
  PlainSocket peer(server.address());
  const std::string digits(38, '1');
  const std::string header = R"({"filename": "musibii.jpg", "md5": ")" + std::string(32, 'a') +
                             R"(", "total_size": )" + digits + "}";
  ASSERT_TRUE(peer.send(int32_frame(header)));
  const RestOfStream rest = peer.receive_rest();
  EXPECT_EQ(rest.bytes, "");
  EXPECT_EQ(rest.end, StreamEnd::kFin);
  const nlohmann::json end = logged_end(server);
  EXPECT_EQ(end.at("error"), "too_large");
  EXPECT_NE(end.at("detail").get<std::string>().find(digits), std::string::npos) << end;
}

TEST(BackPressure, a_flood_without_reading_costs_bounded_memory_and_delays_no_other) {
  const ServerProcess server({"--quiet"});
  PlainSocket flood(server.address());
  std::string block;
  for (int i = 0; i < 1000; ++i) block += int32_frame("a request among many");
  PlainSocket other(server.address());
  // More than both kernel queues hold: the server must stop reading before the end.
  constexpr std::size_t kSizeMax = 512U << 20;
  std::size_t sent = 0;
  std::string_view left = block;
  for (int stalled = 0; sent < kSizeMax && stalled < 20;) {
    const std::size_t size = flood.send_what_fits(left);
    sent += size;
    left.remove_prefix(size);
    if (left.empty()) left = block;
    stalled = size == 0 ? stalled + 1 : 0;
    if (size == 0) expect_echo(other);
  }
  EXPECT_LT(sent, kSizeMax) << "the server went on reading";
  EXPECT_LT(server.memory_peak_kib(), kMemoryMaxKib) << "after " << sent << " bytes";
  // Once the peer reads, every answer comes.
  const std::size_t answered = sent / 24 * 24;
  std::size_t received = 0;
  while (received < answered) {
    const std::size_t size = flood.receive_once().size();
    ASSERT_NE(size, 0U) << received << " of " << answered << " bytes came";
    received += size;
  }
  EXPECT_EQ(received, answered);
}

TEST(FrameTimeout, ends_a_slow_sender_and_is_off_between_frames) {
  const ServerProcess server({"--frame-timeout", "0.2", "--log-format", "json"});
  PlainSocket peer(server.address());
  for (int i = 0; i < 2; ++i) {
    expect_echo(peer);
    EXPECT_FALSE(peer.is_readable_within(600)) << "closed between two frames";
  }
  ASSERT_TRUE(peer.send(int32_frame("whole") + "\x05"));
  const RestOfStream rest = peer.receive_rest();
  EXPECT_EQ(rest.bytes, int32_frame("whole"));
  EXPECT_EQ(rest.end, StreamEnd::kFin);
  EXPECT_EQ(logged_end(server).at("end"), "frame_timeout");
}

TEST(FrameTimeout, counts_from_the_first_byte_whatever_follows) {
  const ServerProcess server({"--frame-timeout", "0.5"});
  PlainSocket peer(server.address());
  // A byte now and then must not put the end off.
  ASSERT_TRUE(peer.send(std::string_view("\0\0\x01\0", 4)));  // more than come in a minute
  EXPECT_TRUE(eventually([&] { return peer.is_readable_within(50) || !peer.send("x"); }));
  EXPECT_EQ(peer.receive_rest().bytes, "");
}

TEST(IdleTimeout, ends_a_connection_without_traffic) {
  const ServerProcess server({"--idle-timeout", "0.2", "--log-format", "json"});
  PlainSocket peer(server.address());
  EXPECT_EQ(peer.receive_rest().end, StreamEnd::kFin);
  EXPECT_EQ(logged_end(server).at("end"), "idle_timeout");
}

TEST(IdleTimeout, ends_a_connection_whose_peer_does_not_read) {
  const ServerProcess server({"--idle-timeout", "3", "--log-format", "json"});
  PlainSocket peer(server.address());
  // Also with the start of another request behind it.
  ASSERT_TRUE(peer.send(int32_frame(std::string(16 << 20, 'x')) + "\x05"));
  EXPECT_EQ(logged_end(server).at("end"), "idle_timeout");
}

TEST(Descriptors, running_out_of_them_is_survived_without_spinning) {
  const ServerProcess server({"--log-format", "json"});
  // Lowered while it runs: at its start the server would have taken fewer connections.
  const rlimit few{.rlim_cur = 16, .rlim_max = 16};
  ASSERT_EQ(::prlimit(server.pid(), RLIMIT_NOFILE, &few, nullptr), 0);
  std::vector<PlainSocket> peers;
  peers.reserve(30);
  for (int i = 0; i < 30; ++i) peers.emplace_back(server.address());
  ASSERT_TRUE(server.wait_for_log("accept_failed"));
  const double cpu_before = server.cpu_seconds();
  PlainSocket late(server.address());
  ASSERT_TRUE(late.send(int32_frame("late")));
  EXPECT_FALSE(late.is_readable_within(1000));
  EXPECT_LT(server.cpu_seconds() - cpu_before, 0.5) << "of CPU in the second it waited";
  expect_echo(peers.front());
  peers.clear();
  EXPECT_EQ(late.receive(8), int32_frame("late"));
}

TEST(Descriptors, that_are_few_lower_the_number_of_connections) {
  const ServerProcess server({"--log-format", "json"}, {.descriptors_max = 40});
  ASSERT_TRUE(server.wait_for_log("descriptor_limit"));
  std::vector<PlainSocket> peers;
  for (int i = 0; i < 60; ++i) {
    peers.emplace_back(server.address());
    ASSERT_TRUE(peers.back().send(int32_frame("hello")));
  }
  for (PlainSocket& peer : peers) {
    EXPECT_EQ(peer.receive(9), int32_frame("hello"));
    peer.close();
  }
  EXPECT_EQ(server.log().find("accept_failed"), std::string::npos) << server.log();
}

}  // namespace
}  // namespace framespec::server::testing
