// What one connection can do to itself and to others: SPEC.md, rules CON, EOS and ERR.
#include <gtest/gtest.h>
#include <signal.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "plain_socket.h"
#include "served_connection.h"
#include "server_process.h"

namespace framespec::server::testing {
namespace {

TEST(Connections, a_thousand_idle_ones_do_not_delay_a_working_one) {
  const ServerProcess server({"--quiet", "--frame-timeout", "0"});
  std::vector<PlainSocket> idle;
  for (int i = 0; i < 1000; ++i) {
    idle.emplace_back(server.address());
    // Half of them are inside a frame.
    if (i % 2 == 0) {
      ASSERT_TRUE(idle.back().send(std::string_view("\x05\0\0\0he", 6)));
    }
  }
  PlainSocket working(server.address());
  for (int i = 0; i < 1000; ++i) expect_echo(working, "request " + std::to_string(i));
  RecordProperty("memory_peak_kib", static_cast<int>(server.memory_peak_kib()));
  EXPECT_LT(server.memory_peak_kib(), kMemoryMaxKib) << "with 1,001 connections";
  // The others work as well.
  ASSERT_TRUE(idle.front().send("llo"));
  EXPECT_EQ(idle.front().receive(9), int32_frame("hello"));
}

TEST(Connections, a_reset_inside_a_frame_ends_that_connection_alone) {
  const ServerProcess server({"--log-format", "json"});
  PlainSocket other(server.address());
  PlainSocket peer(server.address());
  expect_echo(peer);
  ASSERT_TRUE(peer.send(std::string_view("\x05\0\0\0he", 6)));
  peer.reset();
  EXPECT_EQ(logged_end(server).at("end"), "reset");
  expect_echo(other);
  expect_alive(server);
}

TEST(Connections, a_reset_while_answers_wait_ends_that_connection_alone) {
  const ServerProcess server({"--log-format", "json"});
  PlainSocket peer(server.address());
  const std::string frame = int32_frame(std::string(8 << 20, 'x'));
  ASSERT_TRUE(peer.send(frame));
  ASSERT_TRUE(peer.is_readable_within(60'000));
  peer.reset();
  EXPECT_EQ(logged_end(server).at("end"), "reset");
  expect_alive(server);
}

TEST(Connections, release_their_descriptors_however_they_end) {
  const ServerProcess server({"--quiet"});
  expect_alive(server);
  ASSERT_TRUE(eventually([&] { return server.open_descriptors() > 0; }));
  std::size_t before = 0;
  {
    const PlainSocket only(server.address());
    expect_alive(server);
    before = server.open_descriptors() - 1;
  }
  for (int i = 0; i < 50; ++i) {
    PlainSocket clean(server.address());
    PlainSocket truncated(server.address());
    PlainSocket wrong(server.address());
    PlainSocket aborted(server.address());
    expect_echo(clean);
    ASSERT_TRUE(truncated.send("\x05"));
    ASSERT_TRUE(wrong.send("\xff\xff\xff\xff"));
    ASSERT_TRUE(aborted.send("\x05"));
    aborted.reset();
  }
  EXPECT_TRUE(eventually([&] { return server.open_descriptors() <= before; }))
      << server.open_descriptors() << " are open, " << before << " were";
}

TEST(Connections, beyond_the_maximum_wait_until_one_ends) {
  const ServerProcess server({"--max-connections", "2"});
  PlainSocket first(server.address());
  PlainSocket second(server.address());
  expect_echo(first);
  expect_echo(second);
  PlainSocket third(server.address());
  ASSERT_TRUE(third.send(int32_frame("waiting")));
  // In each of these rounds the server could take it.
  for (int round = 0; round < 100; ++round) expect_echo(first);
  EXPECT_FALSE(third.is_readable_within(0));
  first.close();
  EXPECT_EQ(third.receive(11), int32_frame("waiting"));
}

TEST(Connections, of_all_listeners_count_together) {
  const ServerProcess server(
      {"--max-connections", "1", "--listen", "127.0.0.1:0", "--listen", "127.0.0.1:0"});
  PlainSocket first(server.address(0));
  expect_echo(first);
  PlainSocket second(server.address(1));
  ASSERT_TRUE(second.send(int32_frame("waiting")));
  // In each of these rounds the server could take it.
  for (int round = 0; round < 100; ++round) expect_echo(first);
  EXPECT_FALSE(second.is_readable_within(0));
  first.close();
  EXPECT_EQ(second.receive(11), int32_frame("waiting"));
}

TEST(EndOfStream, after_a_half_close_the_answers_still_come) {
  const ServerProcess server({"--log-format", "json"});
  PlainSocket peer(server.address());
  std::string frames;
  for (int i = 0; i < 100; ++i) frames += int32_frame(std::string(10'000, 'x'));
  ASSERT_TRUE(peer.send(frames));
  peer.finish_sending();
  const RestOfStream rest = peer.receive_rest();
  EXPECT_TRUE(rest.bytes == frames) << rest.bytes.size() << " bytes came";
  EXPECT_EQ(rest.end, StreamEnd::kFin);
  const nlohmann::json end = logged_end(server);
  EXPECT_EQ(end.at("end"), "clean");
  EXPECT_EQ(end.at("frames"), 100);
  EXPECT_EQ(end.at("bytes_in"), frames.size());
  EXPECT_EQ(end.at("bytes_out"), frames.size());
  EXPECT_EQ(end.at("dialect"), "int32");
}

TEST(EndOfStream, inside_a_frame_is_truncated_and_not_answered) {
  const ServerProcess server({"--log-format", "json"});
  PlainSocket peer(server.address());
  const std::string whole = int32_frame("whole");
  ASSERT_TRUE(peer.send(whole + std::string("\x05\0\0\0he", 6)));
  peer.finish_sending();
  const RestOfStream rest = peer.receive_rest();
  EXPECT_EQ(rest.bytes, whole);
  EXPECT_EQ(rest.end, StreamEnd::kFin);
  const nlohmann::json end = logged_end(server);
  EXPECT_EQ(end.at("error"), "truncated");
  EXPECT_EQ(end.at("offset"), whole.size() + 6);
}

TEST(Errors, come_after_the_answers_and_end_with_fin_although_input_is_unread) {
  const ServerProcess server({"--log-format", "json"});
  PlainSocket peer(server.address());
  const std::string good = int32_frame("good");
  // All of it is there when the server goes on: it discards for a bounded time, in which a busy
  // machine might not let us send.
  server.pause();
  ASSERT_TRUE(peer.send(good + "\xff\xff\xff\xff"));
  const std::string more(1 << 20, 'x');
  std::size_t unread = 0;
  while (const std::size_t size = peer.send_what_fits(more)) unread += size;
  ASSERT_GT(unread, 128U << 10) << "more than the server reads at once";
  server.send_signal(SIGCONT);
  const RestOfStream rest = peer.receive_rest();
  EXPECT_EQ(rest.bytes, good);
  EXPECT_EQ(rest.end, StreamEnd::kFin);
  const nlohmann::json end = logged_end(server);
  EXPECT_EQ(end.at("end"), "protocol_error");
  EXPECT_EQ(end.at("error"), "negative_length");
  EXPECT_EQ(end.at("offset"), good.size());
}

TEST(Errors, end_a_connection_whose_peer_goes_on_sending_and_never_closes) {
  const ServerProcess server({"--quiet"});
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send("\xff\xff\xff\xff"));
  EXPECT_EQ(peer.receive_rest().end, StreamEnd::kFin);
  // The server discards for a bounded time, then closes; from then on a byte meets a reset.
  EXPECT_TRUE(eventually([&] { return !peer.send("more"); }));
}

std::string json_frame_with_md5(const std::string& md5) {
  return int32_frame(R"({"filename": "a", "md5": ")" + md5 + R"(", "total_size": 5})") + "hello";
}

TEST(Digest, a_wrong_one_ends_the_connection_unless_told_otherwise) {
  const std::string wrong = json_frame_with_md5(std::string(32, '0'));
  const std::string right = json_frame_with_md5("5d41402abc4b2a76b9719d911017c592");
  {
    const ServerProcess server({"--dialect", "json", "--log-format", "json"});
    PlainSocket peer(server.address());
    ASSERT_TRUE(peer.send(right + wrong));
    EXPECT_EQ(peer.receive_rest().bytes, right);
    EXPECT_EQ(logged_end(server).at("error"), "digest_mismatch");
  }
  for (const std::string policy : {"warn", "ignore"}) {
    const ServerProcess server({"--dialect", "json", "--md5", policy});
    PlainSocket peer(server.address());
    ASSERT_TRUE(peer.send(wrong));
    EXPECT_EQ(peer.receive(right.size()), right);
    EXPECT_EQ(server.log().find("digest_mismatch") != std::string::npos, policy == "warn");
  }
}

}  // namespace
}  // namespace framespec::server::testing
