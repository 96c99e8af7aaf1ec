// Echo and upper over every kind of address and framing.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "framespec/dialect.h"
#include "framespec/encoder.h"
#include "framespec/frame_deframer.h"
#include "plain_socket.h"
#include "server_process.h"
#include "temporary_folder.h"

namespace framespec::server::testing {
namespace {

std::string frame_of(const Dialect& dialect, std::string_view payload,
                     std::string_view filename = "a.txt") {
  ByteVector out;
  const auto appended = append_frame(out, dialect, as_bytes(payload), {.filename = filename});
  EXPECT_TRUE(appended) << to_string(appended.error());
  return std::string(as_text(out));
}

class EchoInEveryDialect : public ::testing::TestWithParam<std::string> {};

TEST_P(EchoInEveryDialect, sends_each_frame_back) {
  const Dialect& dialect = *find_dialect(GetParam());
  const ServerProcess server({"--dialect", GetParam()});
  PlainSocket peer(server.address());
  for (const std::string& payload : {std::string("hello"), std::string(), std::string(60'000, 'x'),
                                     std::string("\0\r\n\xff", 4)}) {
    const std::string frame = frame_of(dialect, payload);
    ASSERT_TRUE(peer.send(frame));
    EXPECT_EQ(peer.receive(frame.size()), frame);
  }
}

INSTANTIATE_TEST_SUITE_P(Dialects, EchoInEveryDialect,
                         ::testing::Values("int32", "int64", "json", "int32be", "int64be",
                                           "uint16be", "varint"),
                         [](const auto& test) { return test.param; });

TEST(Echo, answers_pipelined_frames_in_order) {
  const ServerProcess server({});
  PlainSocket peer(server.address());
  std::string frames;
  for (int i = 0; i < 5000; ++i) frames += int32_frame("frame " + std::to_string(i));
  ASSERT_TRUE(peer.send(frames));
  EXPECT_EQ(peer.receive(frames.size()), frames);
}

TEST(Echo, sends_back_a_frame_larger_than_every_buffer) {
  const ServerProcess server({});
  PlainSocket peer(server.address());
  const std::string frame = int32_frame(std::string(12 << 20, 'x'));
  ASSERT_TRUE(peer.send(frame));
  EXPECT_TRUE(peer.receive(frame.size()) == frame);
}

TEST(Echo, answers_a_frame_that_comes_byte_by_byte) {
  const ServerProcess server({});
  PlainSocket peer(server.address());
  const std::string frame = int32_frame("one at a time");
  for (const char byte : frame) ASSERT_TRUE(peer.send(std::string_view(&byte, 1)));
  EXPECT_EQ(peer.receive(frame.size()), frame);
}

TEST(Echo, keeps_the_lead_bytes_of_the_request) {
  // gRPC: a flag says whether the message is compressed, and the reply must repeat it.
  const ServerProcess server({"--dialect", "grpc"});
  PlainSocket peer(server.address());
  const std::string frame(
      "\x01\0\0\0\x03"
      "abc",
      8);
  ASSERT_TRUE(peer.send(frame));
  EXPECT_EQ(peer.receive(frame.size()), frame);
}

TEST(Echo, works_over_ipv6_and_unix_sockets_side_by_side) {
  const TemporaryFolder folder;
  const std::string unix_address = "unix:" + folder.path("socket");
  const ServerProcess server({"--listen", "[::1]:0", "--listen", unix_address});
  EXPECT_TRUE(server.address(0).starts_with("[::1]:")) << server.address(0);
  EXPECT_EQ(server.address(1), unix_address);
  for (const std::size_t index : {0U, 1U}) {
    PlainSocket peer(server.address(index));
    const std::string frame = int32_frame("hello");
    ASSERT_TRUE(peer.send(frame));
    EXPECT_EQ(peer.receive(frame.size()), frame);
  }
}

TEST(Echo, works_with_cork_and_with_nagle) {
  for (const char* option : {"--cork", "--no-nodelay"}) {
    const ServerProcess server({option});
    PlainSocket peer(server.address());
    for (const std::size_t size : {1U, 100'000U, 3U}) {
      const std::string frame = int32_frame(std::string(size, 'x'));
      ASSERT_TRUE(peer.send(frame));
      EXPECT_TRUE(peer.receive(frame.size()) == frame) << option << ", " << size << " bytes";
    }
  }
}

TEST(Upper, changes_ascii_letters_alone) {
  const ServerProcess server({"--service", "upper"});
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(int32_frame("straße 1 {az}\n")));
  const std::string expected = int32_frame("STRAßE 1 {AZ}\n");
  EXPECT_EQ(peer.receive(expected.size()), expected);
}

TEST(Upper, writes_the_md5_of_what_it_sends) {
  const Dialect& json = *find_dialect("json");
  const ServerProcess server({"--service", "upper", "--dialect", "json"});
  PlainSocket peer(server.address());
  for (const std::size_t size : {3U, 100'000U}) {
    ASSERT_TRUE(peer.send(frame_of(json, std::string(size, 'a'), "letters")));
    const std::string expected = frame_of(json, std::string(size, 'A'), "letters");
    EXPECT_TRUE(peer.receive(expected.size()) == expected) << size;
  }
}

TEST(RawRequests, are_one_receive_each_and_get_framed_replies) {
  const ServerProcess server({"--request", "raw", "--service", "upper"});
  PlainSocket peer(server.address());
  for (const std::string text : {"first", "second"}) {
    ASSERT_TRUE(peer.send(text));
    const std::string expected = int32_frame(text == "first" ? "FIRST" : "SECOND");
    EXPECT_EQ(peer.receive(expected.size()), expected);
  }
}

TEST(RawRequests, get_a_json_header_whose_file_name_is_the_service) {
  const ServerProcess server({"--request", "raw", "--dialect", "json"});
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send("hello"));
  const std::string expected = frame_of(*find_dialect("json"), "hello", "echo");
  EXPECT_EQ(peer.receive(expected.size()), expected);
}

TEST(RawRequests, are_no_larger_than_the_maximum) {
  const ServerProcess server({"--request", "raw", "--max-payload", "4"});
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send("abcdefgh"));
  EXPECT_EQ(peer.receive(16), int32_frame("abcd") + int32_frame("efgh"));
}

TEST(RawRequests, are_no_larger_than_64_KiB_however_much_has_come) {
  const TemporaryFolder folder;
  const ServerProcess server({"--request", "raw", "--listen", "unix:" + folder.path("socket")});
  PlainSocket peer(server.address());
  server.pause();
  const std::string request = std::string(65'536, 'a') + std::string(30'000, 'b');
  ASSERT_TRUE(peer.send(request));
  server.send_signal(SIGCONT);
  const std::string expected =
      int32_frame(request.substr(0, 65'536)) + int32_frame(request.substr(65'536));
  EXPECT_EQ(peer.receive(expected.size()), expected);
}

TEST(RawReplies, are_the_payload_alone) {
  const ServerProcess server({"--request", "raw", "--reply", "raw", "--service", "upper"});
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send("musibii"));
  EXPECT_EQ(peer.receive(7), "MUSIBII");
  peer.finish_sending();
  const RestOfStream rest = peer.receive_rest();
  EXPECT_EQ(rest.bytes, "");
  EXPECT_EQ(rest.end, StreamEnd::kFin);
}

TEST(PortFile, holds_the_port_while_the_server_runs) {
  const TemporaryFolder folder;
  ServerProcess server({"--port-file", folder.path("port")});
  std::ifstream file(folder.path("port"));
  std::string port;
  std::getline(file, port);
  EXPECT_EQ("127.0.0.1:" + port, server.address());
  EXPECT_EQ(server.stop(), 0);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(PortFile, replaces_and_removes_nothing_but_a_file_of_its_own) {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("elsewhere", folder.path("link"));
  const Ended refused = run_server({"--listen", "127.0.0.1:0", "--port-file", folder.path("link")});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_NE(refused.standard_error.find("no regular file"), std::string::npos)
      << refused.standard_error;
  EXPECT_TRUE(std::filesystem::is_symlink(folder.path("link")));

  ServerProcess server({"--port-file", folder.path("port")});
  std::filesystem::remove(folder.path("port"));
  std::ofstream(folder.path("port")) << "another's";
  EXPECT_EQ(server.stop(), 0);
  EXPECT_TRUE(std::filesystem::exists(folder.path("port")));
}

}  // namespace
}  // namespace framespec::server::testing
