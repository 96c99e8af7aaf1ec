// What one connection can do to itself and to others: SPEC.md, rules CON, EOS, ERR and TIM.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "plain_socket.h"
#include "server_process.h"

namespace framespec::server::testing {
namespace {

void expect_echo(PlainSocket& peer, std::string_view payload = "still there") {
  const std::string frame = int32_frame(payload);
  ASSERT_TRUE(peer.send(frame));
  EXPECT_EQ(peer.receive(frame.size()), frame);
}

void expect_alive(const ServerProcess& server) {
  PlainSocket peer(server.address());
  expect_echo(peer);
}

// The fields of the only line about the end of a connection.
nlohmann::json logged_end(const ServerProcess& server) {
  EXPECT_TRUE(server.wait_for_log("connection_closed"));
  std::istringstream lines(server.log());
  for (std::string line; std::getline(lines, line);) {
    const nlohmann::json fields = nlohmann::json::parse(line);
    if (fields.at("event") == "connection_closed") return fields;
  }
  return {};
}

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
  EXPECT_FALSE(third.is_readable_within(300));
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
  EXPECT_FALSE(second.is_readable_within(300));
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
  ASSERT_TRUE(peer.send(good + "\xff\xff\xff\xff" + std::string(4 << 20, 'x')));
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
  ASSERT_TRUE(peer.send(std::string_view("\0\x01\0\0", 4)));
  int sent = 0;
  while (!peer.is_readable_within(50) && sent < 250) {
    if (!peer.send("x")) break;
    ++sent;
  }
  EXPECT_LT(sent, 250);
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
