// How the server ends: SPEC.md, rule TIM-4.
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "plain_socket.h"
#include "server_process.h"
#include "temporary_folder.h"

namespace framespec::server::testing {
namespace {

constexpr std::size_t kLargeSize = 12 << 20;  // more than the kernel's queues hold

TEST(Stop, ends_idle_connections_with_fin_and_exit_code_0) {
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT, SIGHUP}) {
    ServerProcess server({});
    PlainSocket idle(server.address());
    ASSERT_TRUE(idle.send(int32_frame("hello")));
    ASSERT_EQ(idle.receive(9), int32_frame("hello"));
    server.send_signal(signal);
    EXPECT_EQ(idle.receive_rest().end, StreamEnd::kFin);
    idle.close();
    EXPECT_EQ(server.wait_for_end(), 0);
  }
}

TEST(Stop, outlives_its_terminal_under_nohup) {
  ServerProcess server({}, {.ignored_signal = SIGHUP});
  PlainSocket peer(server.address());
  server.send_signal(SIGHUP);
  ASSERT_TRUE(peer.send(int32_frame("hello")));
  EXPECT_EQ(peer.receive(9), int32_frame("hello"));
  peer.close();
  EXPECT_EQ(server.stop(), 0);
  EXPECT_EQ(server.log().find("signal=1 "), std::string::npos) << server.log();
}

TEST(Stop, takes_no_new_connection) {
  ServerProcess server({});
  PlainSocket busy(server.address());
  ASSERT_TRUE(busy.send("\x05"));
  ASSERT_TRUE(server.wait_for_log("listening"));
  server.send_signal(SIGTERM);
  ASSERT_TRUE(server.wait_for_log("draining"));
  EXPECT_TRUE(eventually([&] {
    try {
      const PlainSocket late(server.address());
      return false;
    } catch (const std::runtime_error&) {
      return true;
    }
  }));
}

TEST(Stop, finishes_the_answer_in_progress) {
  ServerProcess server({"--drain-timeout", "60"});
  PlainSocket peer(server.address());
  const std::string frame = int32_frame(std::string(kLargeSize, 'x'));
  ASSERT_TRUE(peer.send(frame));
  ASSERT_TRUE(peer.is_readable_within(60'000));
  server.send_signal(SIGTERM);
  ASSERT_TRUE(server.wait_for_log("draining"));
  const RestOfStream rest = peer.receive_rest();
  EXPECT_TRUE(rest.bytes == frame) << rest.bytes.size() << " of " << frame.size() << " bytes came";
  EXPECT_EQ(rest.end, StreamEnd::kFin);
  peer.close();
  EXPECT_EQ(server.wait_for_end(), 0);
}

TEST(Stop, finishes_the_request_that_is_half_there) {
  ServerProcess server({"--drain-timeout", "60"});
  PlainSocket peer(server.address());
  // The answer to the first frame shows that the server has read the start of the second.
  ASSERT_TRUE(peer.send(int32_frame("first") + std::string("\x05\0\0\0he", 6)));
  ASSERT_EQ(peer.receive(9), int32_frame("first"));
  server.send_signal(SIGTERM);
  ASSERT_TRUE(server.wait_for_log("draining"));
  ASSERT_TRUE(peer.send("llo"));
  EXPECT_EQ(peer.receive_rest().bytes, int32_frame("hello"));
  peer.close();
  EXPECT_EQ(server.wait_for_end(), 0);
}

TEST(Stop, answers_what_had_arrived_before_it) {
  ServerProcess server({"--drain-timeout", "60"});
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(int32_frame("hello")));
  ASSERT_EQ(peer.receive(9), int32_frame("hello"));
  // Stopped, the server finds the request and the signal at once when it goes on.
  server.pause();
  ASSERT_TRUE(peer.send(int32_frame("in time")));
  server.send_signal(SIGTERM);
  server.send_signal(SIGCONT);
  const RestOfStream rest = peer.receive_rest();
  EXPECT_EQ(rest.bytes, int32_frame("in time"));
  EXPECT_EQ(rest.end, StreamEnd::kFin);
  peer.close();
  EXPECT_EQ(server.wait_for_end(), 0);
}

TEST(Stop, ends_within_the_bound_although_a_peer_does_not_read) {
  ServerProcess server({"--drain-timeout", "0.3"});
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(int32_frame(std::string(kLargeSize, 'x'))));
  ASSERT_TRUE(peer.is_readable_within(60'000));
  EXPECT_EQ(server.stop(), 0);
  EXPECT_NE(server.log().find("event=drain_timeout"), std::string::npos) << server.log();
  EXPECT_NE(server.log().find("end=aborted"), std::string::npos) << server.log();
}

TEST(Stop, a_second_signal_ends_it_at_once) {
  ServerProcess server({"--drain-timeout", "1000"});
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(int32_frame(std::string(kLargeSize, 'x'))));
  ASSERT_TRUE(peer.is_readable_within(60'000));
  server.send_signal(SIGTERM);
  ASSERT_TRUE(server.wait_for_log("draining"));
  server.send_signal(SIGINT);
  EXPECT_EQ(server.wait_for_end(), 0);
}

TEST(Stop, removes_the_path_of_its_unix_socket) {
  const TemporaryFolder folder;
  ServerProcess server({"--listen", "unix:" + folder.path("socket")});
  EXPECT_TRUE(std::filesystem::exists(folder.path("socket")));
  EXPECT_EQ(server.stop(), 0);
  EXPECT_FALSE(std::filesystem::exists(folder.path("socket")));
}

// A free port of an address of this process alone: nobody else is given the port once it is free
// again.
std::string own_loopback_address() {
  const auto id = static_cast<unsigned>(::getpid());
  return "127." + std::to_string(64 + (id >> 16 & 63)) + "." + std::to_string(id >> 8 & 255) + "." +
         std::to_string(id & 255) + ":0";
}

TEST(Stop, an_address_in_time_wait_can_be_listened_on_again) {
  std::string address;
  {
    ServerProcess server({"--listen", own_loopback_address()});
    address = server.address();
    PlainSocket peer(address);
    ASSERT_TRUE(peer.send("\xff\xff\xff\xff"));
    // The server closes first, and so its side is the one that waits.
    EXPECT_EQ(peer.receive_rest().end, StreamEnd::kFin);
    peer.close();
    EXPECT_EQ(server.stop(), 0);
  }
  const ServerProcess again({"--listen", address});
  EXPECT_EQ(again.address(), address);
}

}  // namespace
}  // namespace framespec::server::testing
