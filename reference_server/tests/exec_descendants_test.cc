// Commands whose processes leave their group: none of them outlives its command.
#include <gtest/gtest.h>
#include <signal.h>

#include <string>

#include "exec_request.h"
#include "plain_socket.h"
#include "server_process.h"
#include "temporary_folder.h"
#include "watched_command.h"

namespace framespec::server::testing {
namespace {

// A new session, a new group, a daemon that forked twice. Each says so when it is away.
constexpr const char* kEscapes =
    "setsid sh -c 'echo away >&9; exec sleep 1000' & "
    "timeout 1000 sh -c 'echo away >&9; exec sleep 1000' & "
    "(setsid sh -c '(trap \"\" TERM HUP; echo away >&9; exec sleep 1000) & exit' &) ; ";
constexpr std::size_t kLinesOnceAway = 4;

std::string escaping_and(const std::string& work) { return kEscapes + work; }

TEST(ExecDescendants, end_when_their_time_is_up) {
  const WatchedCommand command(escaping_and("sleep 1000"));
  const ServerProcess server(allowing({command.text()}, {"--exec-timeout", "9.5"}));
  EXPECT_EQ(answer_to(server, command.text()),
            "framespec-server: the command was ended after 9.5 s\n");
  ASSERT_TRUE(command.has_said(kLinesOnceAway));
  EXPECT_TRUE(command.has_ended());
  EXPECT_EQ(children_of(server.pid()), 0U);
}

// The case that a user meets first: timeout makes a group of its own.
TEST(ExecDescendants, a_command_that_is_itself_away_ends_when_its_time_is_up) {
  const ServerProcess server(
      allowing({}, {"--exec-allow-program", "timeout", "--exec-timeout", "0.2"}));
  EXPECT_EQ(answer_to(server, "timeout 1000 sleep 1000"),
            "framespec-server: the command was ended after 0.2 s\n");
}

TEST(ExecDescendants, end_when_they_write_too_much) {
  const WatchedCommand command("setsid sh -c 'echo away >&9; exec yes' & sleep 1000");
  const ServerProcess server(
      allowing({command.text()}, {"--exec-output-max", "1K", "--exec-timeout", "0"}));
  const std::string output = answer_to(server, command.text());
  EXPECT_TRUE(output.ends_with("the command was ended after 1024 bytes of output\n")) << output;
  ASSERT_TRUE(command.has_said(2));
  EXPECT_TRUE(command.has_ended());
}

TEST(ExecDescendants, end_when_the_command_itself_has_ended) {
  const TemporaryFolder folder;
  const WatchedCommand command(
      escaping_and("while ! test -e " + folder.path("go") + "; do sleep 0.05; done; echo done"));
  const ServerProcess server(allowing({command.text()}, {"--exec-timeout", "0"}));
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(int32_frame(command.text())));
  ASSERT_TRUE(command.has_said(kLinesOnceAway));
  EXPECT_FALSE(peer.is_readable_within(0));
  folder.write("go", "");
  EXPECT_EQ(peer.receive(9), int32_frame("done\n"));
  EXPECT_TRUE(command.has_ended());
  EXPECT_EQ(children_of(server.pid()), 0U);
}

TEST(ExecDescendants, of_a_peer_that_is_gone_end_and_no_others) {
  const WatchedCommand one(escaping_and("sleep 1000"));
  const WatchedCommand other(escaping_and("sleep 1000"));
  const ServerProcess server(
      allowing({one.text(), other.text(), "echo quick"}, {"--exec-timeout", "0"}));
  PlainSocket peer(server.address());
  PlainSocket other_peer(server.address());
  ASSERT_TRUE(peer.send(int32_frame(one.text())));
  ASSERT_TRUE(other_peer.send(int32_frame(other.text())));
  ASSERT_TRUE(one.has_said(kLinesOnceAway));
  ASSERT_TRUE(other.has_said(kLinesOnceAway));
  peer.reset();
  EXPECT_TRUE(one.has_ended());
  EXPECT_TRUE(eventually([&] { return children_of(server.pid()) == 1; }));
  EXPECT_EQ(answer_to(server, "echo quick"), "quick\n");
  EXPECT_TRUE(other.is_running());
}

TEST(ExecDescendants, end_with_the_second_signal) {
  const WatchedCommand command(escaping_and("sleep 1000"));
  ServerProcess server(
      allowing({command.text()}, {"--exec-timeout", "0", "--drain-timeout", "1000"}));
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(int32_frame(command.text())));
  ASSERT_TRUE(command.has_said(kLinesOnceAway));
  server.send_signal(SIGTERM);
  ASSERT_TRUE(server.wait_for_log("draining"));
  server.send_signal(SIGTERM);
  EXPECT_EQ(server.wait_for_end(), 0);
  EXPECT_TRUE(command.has_ended());
}

TEST(ExecDescendants, end_with_a_server_that_is_killed) {
  const WatchedCommand command(escaping_and("sleep 1000"));
  ServerProcess server(allowing({command.text()}, {"--exec-timeout", "0"}));
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(int32_frame(command.text())));
  ASSERT_TRUE(command.has_said(kLinesOnceAway));
  server.send_signal(SIGKILL);
  EXPECT_EQ(server.wait_for_end(), std::nullopt);
  EXPECT_TRUE(command.has_ended());
}

TEST(ExecDescendants, end_although_the_command_has_stopped_its_guard) {
  const WatchedCommand command("kill -STOP $PPID; " + escaping_and("sleep 1000"));
  const ServerProcess server(allowing({command.text()}, {"--exec-timeout", "0"}));
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(int32_frame(command.text())));
  ASSERT_TRUE(command.has_said(kLinesOnceAway));
  peer.reset();
  EXPECT_TRUE(command.has_ended());
  EXPECT_TRUE(eventually([&] { return children_of(server.pid()) == 0; }));
}

TEST(ExecDescendants, that_may_be_left_by_a_guard_that_was_killed_are_told_and_not_waited_for) {
  const WatchedCommand command("kill -KILL $PPID; exec sleep 60");
  const ServerProcess server(allowing({command.text()}, {"--exec-timeout", "0"}));
  EXPECT_EQ(answer_to(server, command.text()), "");
  EXPECT_TRUE(server.wait_for_log("command_left_running"));
  EXPECT_TRUE(command.has_begun());
  EXPECT_TRUE(command.has_ended()) << "the command itself ends with its guard";
  EXPECT_EQ(children_of(server.pid()), 0U);
}

TEST(ExecDescendants, that_fight_the_guard_are_waited_for_within_a_bound) {
  const std::string command =
      "setsid sh -c 'while kill -STOP '$PPID'; do :; done' 2> /dev/null & exec sleep 30";
  const ServerProcess server(allowing({command, "echo quick"}, {"--exec-timeout", "0.5"}));
  EXPECT_EQ(answer_to(server, command), "framespec-server: the command was ended after 0.5 s\n");
  EXPECT_EQ(answer_to(server, "echo quick"), "quick\n");
  EXPECT_EQ(children_of(server.pid()), 0U);
}

TEST(ExecDescendants, are_reaped_where_the_server_was_started_to_ignore_its_children) {
  const WatchedCommand command(escaping_and("echo done"));
  const ServerProcess server(allowing({command.text()}, {"--exec-timeout", "0"}),
                             {.ignored_signal = SIGCHLD});
  EXPECT_EQ(answer_to(server, command.text()), "done\n");
  EXPECT_TRUE(command.has_begun());
  EXPECT_TRUE(command.has_ended());
  EXPECT_EQ(children_of(server.pid()), 0U);
}

}  // namespace
}  // namespace framespec::server::testing
