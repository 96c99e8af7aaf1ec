// The exec service: the article's remote command, within its limits.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "plain_socket.h"
#include "server_process.h"
#include "temporary_folder.h"

namespace framespec::server::testing {
namespace {

std::string answer_to(const ServerProcess& server, const std::string& command) {
  PlainSocket peer(server.address());
  EXPECT_TRUE(peer.send(int32_frame(command)));
  peer.finish_sending();
  const RestOfStream rest = peer.receive_rest();
  EXPECT_EQ(rest.end, StreamEnd::kFin);
  EXPECT_GE(rest.bytes.size(), 4U);
  std::string output = rest.bytes.substr(std::min<std::size_t>(4, rest.bytes.size()));
  EXPECT_EQ(rest.bytes, int32_frame(output));
  return output;
}

std::vector<std::string> allowing(const std::vector<std::string>& commands,
                                  std::vector<std::string> arguments = {}) {
  arguments.insert(arguments.end(), {"--service", "exec"});
  if (std::ranges::count(arguments, "--exec-timeout") == 0) {
    arguments.insert(arguments.end(), {"--exec-timeout", "60"});  // for a loaded machine
  }
  for (const std::string& command : commands) {
    arguments.insert(arguments.end(), {"--exec-allow", command});
  }
  return arguments;
}

bool is_running(pid_t pid) { return ::kill(pid, 0) == 0; }

// A command that writes its process id to the file and then waits for ever, in the background too.
std::string endless_command(const TemporaryFolder& folder) {
  return "echo $$ > " + folder.path("pid.new") + "; mv " + folder.path("pid.new") + " " +
         folder.path("pid") + "; echo begun; sleep 1000 & sleep 1000";
}

pid_t wait_for_pid(const TemporaryFolder& folder) {
  pid_t pid = 0;
  EXPECT_TRUE(eventually([&] {
    std::ifstream file(folder.path("pid"));
    return static_cast<bool>(file >> pid);
  }));
  return pid;
}

// The children of `parent`, zombies among them.
std::size_t children_of(pid_t parent) {
  const std::string id = std::to_string(parent);
  std::ifstream file("/proc/" + id + "/task/" + id + "/children");
  std::size_t count = 0;
  for (std::string child; file >> child;) ++count;
  return count;
}

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
  const ServerProcess server({"--service", "exec", "--exec-allow-program", "echo"});
  const std::string hostile = "; touch " + folder.path("made") + " | $(id) `id` > x && y *";
  EXPECT_EQ(answer_to(server, "echo a  'b  c' \"d e\" " + hostile), "a b  c d e " + hostile + "\n");
  EXPECT_EQ(answer_to(server, "echo 'open"),
            "framespec-server: a quote in the command is not closed\n");
  EXPECT_EQ(answer_to(server, "/bin/echo x"),
            "framespec-server: this command is not allowed here\n");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Exec, says_when_a_program_cannot_be_run) {
  const ServerProcess server({"--service", "exec", "--exec-allow-program", "no-such-program"});
  EXPECT_EQ(answer_to(server, "no-such-program"),
            "framespec-server: cannot run no-such-program: No such file or directory\n");
}

TEST(Exec, ends_a_command_after_its_time) {
  const TemporaryFolder folder;
  const std::string command = endless_command(folder);
  const ServerProcess server(allowing({command}, {"--exec-timeout", "2.5"}));
  EXPECT_EQ(answer_to(server, command),
            "begun\nframespec-server: the command was ended after 2.5 s\n");
  const pid_t pid = wait_for_pid(folder);
  EXPECT_TRUE(eventually([&] { return !is_running(-pid); })) << "a process of the group runs on";
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
  const TemporaryFolder folder;
  const std::string command = "echo $$ > " + folder.path("pid") + "; sleep 1000 & echo done";
  const ServerProcess server(allowing({command}, {"--exec-timeout", "0"}));
  EXPECT_EQ(answer_to(server, command), "done\n");
  const pid_t pid = wait_for_pid(folder);
  EXPECT_TRUE(eventually([&] { return !is_running(-pid); }));
}

TEST(Exec, does_not_wait_for_a_process_that_left_the_group_with_the_output) {
  const TemporaryFolder folder;
  const std::string pid_file = folder.path("pid");
  const std::string command = "setsid sh -c 'echo $$ > " + pid_file + "; exec sleep 1000' & " +
                              "while ! test -s " + pid_file + "; do sleep 0.02; done; echo done";
  const ServerProcess server(allowing({command}, {"--exec-timeout", "0"}));
  EXPECT_EQ(answer_to(server, command), "done\n");
  ::kill(wait_for_pid(folder), SIGKILL);
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
    const std::string command = endless_command(folder);
    const std::string listen = over_unix ? "unix:" + folder.path("socket") : "127.0.0.1:0";
    const ServerProcess server(allowing({command}, {"--exec-timeout", "0", "--listen", listen}));
    PlainSocket peer(server.address());
    ASSERT_TRUE(peer.send(int32_frame(command)));
    const pid_t pid = wait_for_pid(folder);
    ASSERT_TRUE(is_running(pid));
    peer.reset();
    EXPECT_TRUE(eventually([&] { return !is_running(-pid); })) << server.address();
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
  const TemporaryFolder folder;
  const std::string endless = endless_command(folder);
  const ServerProcess server(allowing({endless, "echo quick"}, {"--exec-timeout", "0"}));
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(int32_frame(endless)));
  const pid_t pid = wait_for_pid(folder);
  for (int i = 0; i < 2; ++i) send_urgent_byte(server, peer);
  const double cpu_before = server.cpu_seconds();
  EXPECT_FALSE(peer.is_readable_within(500)) << "urgent data ended the command";
  EXPECT_LT(server.cpu_seconds() - cpu_before, 0.3) << "of CPU in the half second it waited";
  peer.reset();
  EXPECT_TRUE(eventually([&] { return !is_running(-pid); }));
}

/// SIGTERM, once and twice, while an endless command runs whose peer has sent urgent data or not.
void expect_no_command_to_outlive_the_server(bool with_urgent_data) {
  for (const bool twice : {false, true}) {
    const TemporaryFolder folder;
    const std::string endless = endless_command(folder);
    const std::string drain = twice ? "1000" : "0.3";
    ServerProcess server(
        allowing({endless, "echo quick"}, {"--exec-timeout", "0", "--drain-timeout", drain}));
    PlainSocket peer(server.address());
    ASSERT_TRUE(peer.send(int32_frame(endless)));
    const pid_t pid = wait_for_pid(folder);
    if (with_urgent_data) send_urgent_byte(server, peer);
    server.send_signal(SIGTERM);
    if (twice) {
      ASSERT_TRUE(server.wait_for_log("draining"));
      server.send_signal(SIGTERM);
    }
    EXPECT_EQ(server.wait_for_end(), 0);
    EXPECT_TRUE(eventually([&] { return !is_running(-pid); }));
  }
}

TEST(Exec, no_command_outlives_the_server) { expect_no_command_to_outlive_the_server(false); }

TEST(Exec, no_command_whose_peer_sent_urgent_data_outlives_the_server) {
  expect_no_command_to_outlive_the_server(true);
}

TEST(Exec, a_command_that_runs_delays_no_other_connection) {
  const TemporaryFolder folder;
  const std::string endless = endless_command(folder);
  ServerProcess server(
      allowing({endless, "echo quick"}, {"--exec-timeout", "0", "--drain-timeout", "0.1"}));
  PlainSocket slow(server.address());
  ASSERT_TRUE(slow.send(int32_frame(endless)));
  wait_for_pid(folder);
  EXPECT_EQ(answer_to(server, "echo quick"), "quick\n");
  EXPECT_FALSE(slow.is_readable_within(0));
  EXPECT_EQ(server.stop(), 0);  // and with it the command, which nothing else would end
}

TEST(Exec, answers_before_a_command_do_not_wait_for_it) {
  const TemporaryFolder folder;
  const std::string endless = endless_command(folder);
  ServerProcess server(
      allowing({endless, "echo quick"}, {"--exec-timeout", "0", "--drain-timeout", "0.1"}));
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(int32_frame("echo quick") + int32_frame(endless)));
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
  const std::string command = "echo $$ > " + folder.path("pid") + "; while ! test -e " +
                              folder.path("go") + "; do sleep 0.05; done; echo finished";
  ServerProcess server(allowing({command}, {"--exec-timeout", "0", "--drain-timeout", "60"}));
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(int32_frame(command)));
  wait_for_pid(folder);
  server.send_signal(SIGTERM);
  ASSERT_TRUE(server.wait_for_log("draining"));
  folder.write("go", "");
  EXPECT_EQ(peer.receive_rest().bytes, int32_frame("finished\n"));
  peer.close();
  EXPECT_EQ(server.wait_for_end(), 0);
}

}  // namespace
}  // namespace framespec::server::testing
