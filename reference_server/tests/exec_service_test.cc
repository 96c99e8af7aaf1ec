// The exec service: the article's remote command, within its limits.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>

#include <filesystem>
#include <string>
#include <vector>

#include "exec_request.h"
#include "plain_socket.h"
#include "server_process.h"
#include "temporary_folder.h"
#include "watched_command.h"

namespace framespec::server::testing {
namespace {

TEST(Exec, answers_with_stdout_then_stderr) {
  const std::string command = "echo to stderr >&2; echo to stdout";
  const ServerProcess server(allowing({command}));
  EXPECT_EQ(answer_to(server, command), "to stdout\nto stderr\n");
}

TEST(Exec, takes_raw_requests_one_after_another) {
  const ServerProcess server(allowing({"echo one", "true"}, {"--request", "raw"}));
  PlainSocket peer(server.address());
  for (const std::string command : {"echo one", "true", "echo one\n"}) {
    ASSERT_TRUE(peer.send(command));
    const std::string expected = int32_frame(command == "true" ? "" : "one\n");
    EXPECT_EQ(peer.receive(expected.size()), expected);
  }
}

TEST(Exec, sends_more_than_a_pipe_holds_on_both_streams) {
  const std::string command =
      "head -c 300000 /dev/zero | tr '\\0' e >&2; head -c 300000 /dev/zero | tr '\\0' o";
  const ServerProcess server(allowing({command}));
  EXPECT_TRUE(answer_to(server, command) == std::string(300'000, 'o') + std::string(300'000, 'e'));
}

TEST(Exec, runs_nothing_that_is_not_allowed) {
  const TemporaryFolder folder;
  const ServerProcess server(allowing({"echo allowed"}));
  const std::string refusal = "framespec-server: this command is not allowed here\n";
  for (const std::string& command :
       {"touch " + folder.path("made"), "echo allowed; touch " + folder.path("made"),
        "echo allowed\ntouch " + folder.path("made"), std::string("echo allowed "),
        std::string("echo")}) {
    EXPECT_EQ(answer_to(server, command), refusal) << command;
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  EXPECT_EQ(answer_to(server, "echo allowed"), "allowed\n");
}

TEST(Exec, gives_the_arguments_of_a_program_to_no_shell) {
  const TemporaryFolder folder;
  const ServerProcess server(allowing({}, {"--exec-allow-program", "echo"}));
  const std::string hostile = "; touch " + folder.path("made") + " | $(id) `id` > x && y *";
  EXPECT_EQ(answer_to(server, "echo a  'b  c' \"d e\" " + hostile), "a b  c d e " + hostile + "\n");
  EXPECT_EQ(answer_to(server, "echo 'open"),
            "framespec-server: a quote in the command is not closed\n");
  EXPECT_EQ(answer_to(server, "/bin/echo x"),
            "framespec-server: this command is not allowed here\n");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Exec, says_when_a_program_cannot_be_run) {
  const ServerProcess server(allowing({}, {"--exec-allow-program", "no-such-program"}));
  EXPECT_EQ(answer_to(server, "no-such-program"),
            "framespec-server: cannot run no-such-program: No such file or directory\n");
}

TEST(Exec, ends_a_command_after_its_time) {
  const WatchedCommand command;
  // Long enough for a shell to begin in on a loaded machine.
  const ServerProcess server(allowing({command.text()}, {"--exec-timeout", "9.5"}));
  EXPECT_EQ(answer_to(server, command.text()),
            "begun\nframespec-server: the command was ended after 9.5 s\n");
  ASSERT_TRUE(command.has_begun());
  EXPECT_TRUE(command.has_ended()) << "a process of the group runs on";
  EXPECT_EQ(children_of(server.pid()), 0U);
}

TEST(Exec, ends_a_command_that_writes_too_much) {
  const ServerProcess server(allowing({"yes"}, {"--exec-output-max", "1K", "--exec-timeout", "0"}));
  const std::string output = answer_to(server, "yes");
  EXPECT_TRUE(output.starts_with("y\ny\n"));
  EXPECT_TRUE(
      output.ends_with("framespec-server: the command was ended after 1024 bytes of output\n"));
  EXPECT_EQ(output.find("framespec-server"), 1024U);
  EXPECT_EQ(children_of(server.pid()), 0U);
}

TEST(Exec, keeps_the_reply_within_the_dialect) {
  const std::string command = "head -c 70000 /dev/zero";
  const ServerProcess server(allowing({command}, {"--dialect", "uint16be"}));
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(std::string("\0\x17", 2) + command));
  ASSERT_EQ(peer.receive(2), "\xff\xff");
  const std::string reply = peer.receive(65'535);
  EXPECT_TRUE(
      reply.ends_with("\nframespec-server: the command was ended after 65535 bytes of output\n"));
  EXPECT_EQ(reply.find_first_not_of('\0'), reply.find('\n'));
  EXPECT_EQ(reply.size(), 65'535U);
}

TEST(Exec, leaves_a_reply_alone_that_just_fits) {
  const std::string command = "head -c 65535 /dev/zero";
  const ServerProcess server(allowing({command}, {"--dialect", "uint16be"}));
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(std::string("\0\x17", 2) + command));
  EXPECT_TRUE(peer.receive(65'537) == "\xff\xff" + std::string(65'535, '\0'));
}

TEST(Exec, kills_what_the_command_left_in_the_background) {
  const WatchedCommand command("sleep 1000 & echo done");
  const ServerProcess server(allowing({command.text()}, {"--exec-timeout", "0"}));
  EXPECT_EQ(answer_to(server, command.text()), "done\n");
  ASSERT_TRUE(command.has_begun());
  EXPECT_TRUE(command.has_ended());
}

TEST(Exec, answers_every_request_although_descriptors_are_few) {
  const std::string command = "sleep 0.1; echo done";
  const ServerProcess server(allowing({command}), {.descriptors_max = 48});
  std::vector<PlainSocket> peers;
  for (int i = 0; i < 10; ++i) {
    peers.emplace_back(server.address());
    ASSERT_TRUE(peers.back().send(int32_frame(command)));
    peers.back().finish_sending();
  }
  for (PlainSocket& peer : peers) EXPECT_EQ(peer.receive_rest().bytes, int32_frame("done\n"));
}

TEST(Exec, kills_the_command_of_a_peer_that_is_gone) {
  for (const bool over_unix : {false, true}) {
    const TemporaryFolder folder;
    const WatchedCommand command;
    const std::string listen = over_unix ? "unix:" + folder.path("socket") : "127.0.0.1:0";
    const ServerProcess server(
        allowing({command.text()}, {"--exec-timeout", "0", "--listen", listen}));
    PlainSocket peer(server.address());
    ASSERT_TRUE(peer.send(int32_frame(command.text())));
    ASSERT_TRUE(command.has_begun());
    ASSERT_TRUE(command.is_running());
    peer.reset();
    EXPECT_TRUE(command.has_ended()) << server.address();
    EXPECT_TRUE(eventually([&] { return children_of(server.pid()) == 0; }));
    EXPECT_TRUE(server.wait_for_log("the peer was gone while its command ran"));
  }
}

// Sends a byte out of band, and waits until the server must have seen it.
void send_urgent_byte(const ServerProcess& server, const PlainSocket& peer) {
  ASSERT_EQ(::send(peer.fd(), "!", 1, MSG_OOB | MSG_NOSIGNAL), 1);
  EXPECT_EQ(answer_to(server, "echo quick"), "quick\n");
}

TEST(Exec, urgent_data_hides_no_peer_that_is_gone) {
  const WatchedCommand endless;
  const ServerProcess server(allowing({endless.text(), "echo quick"}, {"--exec-timeout", "0"}));
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(int32_frame(endless.text())));
  ASSERT_TRUE(endless.has_begun());
  for (int i = 0; i < 2; ++i) send_urgent_byte(server, peer);
  const double cpu_before = server.cpu_seconds();
  EXPECT_FALSE(peer.is_readable_within(500)) << "urgent data ended the command";
  EXPECT_LT(server.cpu_seconds() - cpu_before, 0.3) << "of CPU in the half second it waited";
  peer.reset();
  EXPECT_TRUE(endless.has_ended());
}

/// SIGTERM, once and twice, while an endless command runs whose peer has sent urgent data or not.
void expect_no_command_to_outlive_the_server(bool with_urgent_data) {
  for (const bool twice : {false, true}) {
    const WatchedCommand endless;
    const std::string drain = twice ? "1000" : "0.3";
    ServerProcess server(allowing({endless.text(), "echo quick"},
                                  {"--exec-timeout", "0", "--drain-timeout", drain}));
    PlainSocket peer(server.address());
    ASSERT_TRUE(peer.send(int32_frame(endless.text())));
    ASSERT_TRUE(endless.has_begun());
    if (with_urgent_data) send_urgent_byte(server, peer);
    server.send_signal(SIGTERM);
    if (twice) {
      ASSERT_TRUE(server.wait_for_log("draining"));
      server.send_signal(SIGTERM);
    }
    EXPECT_EQ(server.wait_for_end(), 0);
    EXPECT_TRUE(endless.has_ended());
  }
}

TEST(Exec, no_command_outlives_the_server) { expect_no_command_to_outlive_the_server(false); }

TEST(Exec, no_command_whose_peer_sent_urgent_data_outlives_the_server) {
  expect_no_command_to_outlive_the_server(true);
}

TEST(Exec, a_command_that_runs_delays_no_other_connection) {
  const WatchedCommand endless;
  ServerProcess server(
      allowing({endless.text(), "echo quick"}, {"--exec-timeout", "0", "--drain-timeout", "0.1"}));
  PlainSocket slow(server.address());
  ASSERT_TRUE(slow.send(int32_frame(endless.text())));
  ASSERT_TRUE(endless.has_begun());
  EXPECT_EQ(answer_to(server, "echo quick"), "quick\n");
  EXPECT_FALSE(slow.is_readable_within(0));
  EXPECT_EQ(server.stop(), 0);  // and with it the command, which nothing else would end
}

TEST(Exec, answers_before_a_command_do_not_wait_for_it) {
  const WatchedCommand endless;
  ServerProcess server(
      allowing({endless.text(), "echo quick"}, {"--exec-timeout", "0", "--drain-timeout", "0.1"}));
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(int32_frame("echo quick") + int32_frame(endless.text())));
  EXPECT_EQ(peer.receive(10), int32_frame("quick\n"));
  EXPECT_EQ(server.stop(), 0);
}

TEST(Exec, commands_inherit_no_descriptor) {
  const std::string command = "ls /proc/self/fd";
  const ServerProcess server(allowing({command}));
  // 3 is the folder that ls itself reads.
  EXPECT_EQ(answer_to(server, command), "0\n1\n2\n3\n");
}

TEST(Exec, a_command_in_progress_is_finished_when_the_server_stops) {
  const TemporaryFolder folder;
  const WatchedCommand command("while ! test -e " + folder.path("go") +
                               "; do sleep 0.05; done; echo finished");
  ServerProcess server(
      allowing({command.text()}, {"--exec-timeout", "0", "--drain-timeout", "60"}));
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(int32_frame(command.text())));
  ASSERT_TRUE(command.has_begun());
  server.send_signal(SIGTERM);
  ASSERT_TRUE(server.wait_for_log("draining"));
  folder.write("go", "");
  EXPECT_EQ(peer.receive_rest().bytes, int32_frame("finished\n"));
  peer.close();
  EXPECT_EQ(server.wait_for_end(), 0);
}

}  // namespace
}  // namespace framespec::server::testing
