// Bad input: one clear sentence and the right exit code.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <string>
#include <vector>

#include "plain_socket.h"
#include "server_process.h"
#include "temporary_folder.h"

namespace framespec::server::testing {
namespace {

struct BadInput {
  std::string name;
  std::vector<std::string> arguments;
  int exit_code;
  std::string says;  // what the sentence must hold
};

class Refuses : public ::testing::TestWithParam<BadInput> {};

TEST_P(Refuses, with_one_sentence) {
  const BadInput& input = GetParam();
  const Ended ended = run_server(input.arguments);
  EXPECT_EQ(ended.exit_code, input.exit_code) << ended.standard_error;
  EXPECT_EQ(ended.standard_output, "");
  EXPECT_NE(ended.standard_error.find(input.says), std::string::npos) << ended.standard_error;
  EXPECT_EQ(std::ranges::count(ended.standard_error, '\n'), 1) << ended.standard_error;
}

std::vector<std::string> listening(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--listen", "127.0.0.1:0"});
  return arguments;
}

INSTANTIATE_TEST_SUITE_P(
    Start, Refuses,
    ::testing::Values(
        BadInput{"no_address", {}, 2, "--listen"},
        BadInput{"address_without_port", {"--listen", "localhost"}, 2, "it has no port"},
        BadInput{"port_too_large", {"--listen", "127.0.0.1:65536"}, 2, "0 to 65535"},
        BadInput{"bare_ipv6", {"--listen", "::1:80"}, 2, "in brackets"},
        BadInput{
            "long_unix_path", {"--listen", "unix:/" + std::string(200, 'x')}, 2, "at most 107"},
        BadInput{"unknown_host", {"--listen", "no-such-host.invalid:0"}, 3, "no-such-host.invalid"},
        BadInput{"foreign_address", {"--listen", "192.0.2.1:0"}, 3, "cannot listen on 192.0.2.1:0"},
        BadInput{"unix_path_without_folder",
                 {"--listen", "unix:/no/such/folder/s"},
                 3,
                 "cannot listen on unix:/no/such/folder/s"},
        BadInput{"unknown_segmentation", listening({"--reply-segmentation", "joined"}), 2,
                 "--reply-segmentation: \"joined\": is not a segmentation"},
        BadInput{"cork_and_segmentation", listening({"--cork", "--reply-segmentation", "whole"}), 2,
                 "--cork joins what --reply-segmentation cuts"},
        BadInput{"nagle_and_segmentation",
                 listening({"--no-nodelay", "--reply-segmentation", "whole"}), 2,
                 "--no-nodelay joins what"},
        BadInput{"unknown_dialect", listening({"--dialect", "int33"}), 2, "int33"},
        BadInput{"controls", listening({"--service", "\x1b[31m\x9b\u202e\n"}), 2,
                 R"('\x1b[31m\x9b\xe2\x80\xae\x0a')"},
        BadInput{"controls_on_the_command_line", listening({"\x9b\n"}), 2, R"(\x9b\x0a)"},
        BadInput{"unknown_service", listening({"--service", "chargen"}), 2, "chargen"},
        BadInput{"file_without_folder", listening({"--service", "file:"}), 2, "file:DIR"},
        BadInput{"missing_folder", listening({"--service", "file:/no/such/folder"}), 2,
                 "/no/such/folder"},
        BadInput{"folder_that_is_a_file", listening({"--service", "file:/etc/passwd"}), 2,
                 "/etc/passwd"},
        BadInput{"exec_without_allow_list", listening({"--service", "exec"}), 2, "--exec-allow"},
        BadInput{"exec_of_an_empty_command", listening({"--service", "exec", "--exec-allow", ""}),
                 2, "--exec-allow: it names"},
        BadInput{"exec_of_an_empty_command_behind_equals",
                 listening({"--service", "exec", "--exec-allow="}), 2, "--exec-allow: it names"},
        BadInput{"exec_of_a_blank_command_among_others",
                 listening({"--service", "exec", "--exec-allow", "ls", "--exec-allow", " \t"}), 2,
                 "--exec-allow: it names"},
        BadInput{"exec_of_an_empty_program",
                 listening({"--service", "exec", "--exec-allow-program", ""}), 2,
                 "--exec-allow-program: it names"},
        BadInput{"exec_of_no_command_at_once",
                 listening({"--service", "exec", "--exec-allow", "ls", "--exec-at-once", "0"}), 2,
                 "--exec-at-once"},
        BadInput{"exec_for_everybody",
                 {"--listen", "0.0.0.0:0", "--service", "exec", "--exec-allow", "true"},
                 2,
                 "--allow-non-loopback"},
        BadInput{"bad_size", listening({"--max-payload", "12Q"}), 2, "12Q"},
        BadInput{"limit_below_the_dialect",
                 listening({"--dialect", "dns-tcp", "--max-payload", "5"}), 2,
                 "a payload limit of 5 bytes does not suit dns-tcp"},
        BadInput{"raw_requests_of_no_byte", listening({"--request", "raw", "--max-payload", "0"}),
                 2, "--max-payload"},
        BadInput{"bad_duration", listening({"--frame-timeout", "-1"}), 2, "--frame-timeout"},
        BadInput{"bad_request_framing", listening({"--request", "cooked"}), 2, "cooked"},
        BadInput{"stray_argument", listening({"--exec-allow", "ls", "rm"}), 2, "rm"},
        BadInput{"unknown_option", listening({"--frobnicate"}), 2, "--frobnicate"},
        BadInput{"port_file_without_folder", listening({"--port-file", "/no/such/folder/p"}), 2,
                 "/no/such/folder/p"}),
    [](const auto& test) { return test.param.name; });

TEST(Start, a_dialect_without_room_for_the_own_header_is_refused) {
  const TemporaryFolder folder;
  folder.write(
      "tight.json",
      R"({"name": "tight", "length": {"width": 1}, "header": {"kind": "json", "maximum": 71}})");
  const Ended ended =
      run_server({"--listen", "127.0.0.1:0", "--dialect", folder.path("tight.json")});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.standard_error.find("tight: $.header.maximum: 71 is too little here"),
            std::string::npos)
      << ended.standard_error;
}

// The minimum of a dialect is that of its frames, and raw requests are none.
TEST(Start, a_limit_below_the_dialect_may_be_set_on_raw_requests) {
  const ServerProcess server(
      {"--dialect", "dns-tcp", "--request", "raw", "--reply", "raw", "--max-payload", "5"});
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send("hello"));
  EXPECT_EQ(peer.receive(5), "hello");
}

TEST(Start, help_goes_to_stdout_and_names_examples_and_exit_codes) {
  const Ended ended = run_server({"--help"});
  EXPECT_EQ(ended.exit_code, 0);
  EXPECT_EQ(ended.standard_error, "");
  for (const char* part : {"Examples:", "Exit codes:", "--drain-timeout", "unix:PATH"}) {
    EXPECT_NE(ended.standard_output.find(part), std::string::npos) << part;
  }
}

TEST(Start, an_address_in_use_is_named) {
  const ServerProcess first({});
  const Ended second = run_server({"--listen", first.address()});
  EXPECT_EQ(second.exit_code, 3);
  EXPECT_NE(second.standard_error.find(first.address() + " is in use"), std::string::npos)
      << second.standard_error;
}

TEST(Start, the_unix_socket_of_a_live_server_is_left_alone) {
  const TemporaryFolder folder;
  const std::string address = "unix:" + folder.path("socket");
  const ServerProcess first({"--listen", address});
  const Ended second = run_server({"--listen", address});
  EXPECT_EQ(second.exit_code, 3);
  EXPECT_NE(second.standard_error.find(address + " is in use"), std::string::npos)
      << second.standard_error;
  PlainSocket peer(address);
  ASSERT_TRUE(peer.send(int32_frame("hello")));
  EXPECT_EQ(peer.receive(9), int32_frame("hello"));
}

TEST(Start, the_unix_socket_of_a_dead_server_is_taken_over) {
  const TemporaryFolder folder;
  const std::string address = "unix:" + folder.path("socket");
  {
    ServerProcess killed({"--listen", address});
    killed.send_signal(SIGKILL);
    EXPECT_EQ(killed.wait_for_end(), std::nullopt);
  }
  const ServerProcess next({"--listen", address});
  PlainSocket peer(address);
  ASSERT_TRUE(peer.send(int32_frame("hello")));
  EXPECT_EQ(peer.receive(9), int32_frame("hello"));
}

TEST(Start, a_live_server_whose_backlog_is_full_is_not_waited_for) {
  const TemporaryFolder folder;
  const std::string path = folder.path("socket");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  const auto* where = reinterpret_cast<const sockaddr*>(&address);
  const int busy = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_GE(busy, 0);
  ASSERT_EQ(::bind(busy, where, sizeof(address)), 0);
  ASSERT_EQ(::listen(busy, 0), 0);
  std::vector<int> waiting;
  do {
    waiting.push_back(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  } while (::connect(waiting.back(), where, sizeof(address)) == 0);
  ASSERT_EQ(errno, EAGAIN);

  const Ended ended = run_server({"--listen", "unix:" + path});
  EXPECT_EQ(ended.exit_code, 3);
  EXPECT_NE(ended.standard_error.find("is in use"), std::string::npos) << ended.standard_error;
  for (const int fd : waiting) ::close(fd);
  ::close(busy);
}

TEST(Start, a_symbolic_link_is_no_place_for_a_socket) {
  const TemporaryFolder folder;
  std::filesystem::create_symlink(folder.path("nowhere"), folder.path("link"));
  const Ended ended = run_server({"--listen", "unix:" + folder.path("link")});
  EXPECT_EQ(ended.exit_code, 3);
  EXPECT_NE(ended.standard_error.find("symbolic link"), std::string::npos) << ended.standard_error;
  EXPECT_TRUE(std::filesystem::is_symlink(folder.path("link")));
}

TEST(Start, addresses_that_cannot_be_printed_are_an_error) {
  const Ended ended = run_server({"--listen", "127.0.0.1:0"}, {.closes_standard_output = true});
  EXPECT_EQ(ended.exit_code, 3);
  EXPECT_NE(ended.standard_error.find("standard output cannot be written"), std::string::npos)
      << ended.standard_error;
}

TEST(Start, a_file_that_is_no_socket_is_left_alone) {
  const TemporaryFolder folder;
  folder.write("precious", "data");
  const Ended ended = run_server({"--listen", "unix:" + folder.path("precious")});
  EXPECT_EQ(ended.exit_code, 3);
  EXPECT_NE(ended.standard_error.find("not a socket"), std::string::npos) << ended.standard_error;
  EXPECT_TRUE(std::filesystem::exists(folder.path("precious")));
}

TEST(Start, exec_for_everybody_is_loud_when_it_is_meant) {
  const ServerProcess server({"--listen", "0.0.0.0:0", "--service", "exec", "--exec-allow", "true",
                              "--allow-non-loopback", "--quiet"});
  EXPECT_NE(server.log().find("exec_open_to_the_network"), std::string::npos) << server.log();
}

}  // namespace
}  // namespace framespec::server::testing
