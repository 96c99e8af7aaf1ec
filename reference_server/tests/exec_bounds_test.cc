// What bounds commands besides their time: how many run at once, and what they see of the server.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "exec_request.h"
#include "plain_socket.h"
#include "server_process.h"
#include "temporary_folder.h"
#include "watched_command.h"

namespace framespec::server::testing {
namespace {

TEST(ExecBounds, a_command_beyond_those_that_run_at_once_is_told_so) {
  const WatchedCommand first;
  const WatchedCommand second;
  const ServerProcess server(allowing({first.text(), second.text(), "echo third"},
                                      {"--exec-timeout", "0", "--exec-at-once", "2"}));
  PlainSocket first_peer(server.address());
  PlainSocket second_peer(server.address());
  ASSERT_TRUE(first_peer.send(int32_frame(first.text())));
  ASSERT_TRUE(first.has_begun());
  ASSERT_TRUE(second_peer.send(int32_frame(second.text())));
  ASSERT_TRUE(second.has_begun());
  EXPECT_EQ(answer_to(server, "echo third"),
            "framespec-server: 2 commands run already, as many as may at once; try again later\n");
  EXPECT_TRUE(server.wait_for_log("command_refused"));
  EXPECT_TRUE(first.is_running());
  EXPECT_TRUE(second.is_running());
  first_peer.reset();
  EXPECT_TRUE(eventually([&] { return answer_to(server, "echo third") == "third\n"; }));
  EXPECT_TRUE(second.is_running());
}

TEST(ExecBounds, commands_of_one_connection_run_one_after_another) {
  const ServerProcess server(allowing({"echo one"}, {"--exec-at-once", "1"}));
  PlainSocket peer(server.address());
  std::string requests;
  std::string answers;
  for (int i = 0; i < 20; ++i) {
    requests += int32_frame("echo one");
    answers += int32_frame("one\n");
  }
  ASSERT_TRUE(peer.send(requests));
  EXPECT_EQ(peer.receive(answers.size()), answers);
}

// All that there is to see of the first command is seen at once, and the second starts with the
// numbers of its descriptors.
TEST(ExecBounds, a_command_that_follows_another_is_waited_for) {
  const TemporaryFolder folder;
  const std::string go = folder.path("go");
  const WatchedCommand first("until [ -e " + go + " ]; do sleep 0.01; done; echo one");
  const ServerProcess server(allowing({first.text(), "sleep 0.1; echo two"}));
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(int32_frame(first.text()) + int32_frame("sleep 0.1; echo two")));
  ASSERT_TRUE(first.has_begun());
  server.pause();
  const std::ofstream made(go);
  ASSERT_TRUE(first.has_ended());
  ASSERT_TRUE(eventually([&] { return states_of_children(server.pid()) == "Z"; }));
  server.send_signal(SIGCONT);
  EXPECT_EQ(peer.receive(16), int32_frame("one\n") + int32_frame("two\n"));
}

TEST(ExecBounds, an_output_that_is_cut_is_told_so_if_its_command_has_ended_too) {
  const TemporaryFolder folder;
  const std::string go = folder.path("go");
  const WatchedCommand command("until [ -e " + go +
                               " ]; do sleep 0.01; done; head -c 20000 /dev/zero");
  const ServerProcess server(allowing({command.text()}, {"--exec-output-max", "6000"}));
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(int32_frame(command.text())));
  ASSERT_TRUE(command.has_begun());
  // When it looks again, there are more bytes than one read takes, and nobody who wrote them.
  server.pause();
  const std::ofstream made(go);
  ASSERT_TRUE(command.has_ended());
  ASSERT_TRUE(eventually([&] { return states_of_children(server.pid()) == "Z"; }));
  server.send_signal(SIGCONT);
  const std::string expected =
      std::string(6000, '\0') +
      "\nframespec-server: the command was ended after 6000 bytes of output\n";
  EXPECT_EQ(peer.receive(4 + expected.size()), int32_frame(expected));
}

TEST(ExecBounds, commands_leave_no_descriptor_behind) {
  const ServerProcess server(allowing({"echo one"}, {"--exec-allow-program", "no-such-program"}));
  PlainSocket peer(server.address());
  const auto run_both = [&] {
    ASSERT_TRUE(peer.send(int32_frame("echo one")));
    ASSERT_EQ(peer.receive(8), int32_frame("one\n"));
    ASSERT_TRUE(peer.send(int32_frame("no-such-program")));
    ASSERT_FALSE(peer.receive(4).empty());
    ASSERT_NE(peer.receive_once().find("cannot run no-such-program"), std::string::npos);
  };
  run_both();
  const std::size_t before = server.open_descriptors();
  for (int i = 0; i < 10; ++i) run_both();
  EXPECT_EQ(server.open_descriptors(), before);
}

std::vector<std::string> sorted_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  std::ranges::sort(lines);
  return lines;
}

TEST(ExecBounds, commands_see_three_variables_of_the_environment) {
  const ServerProcess server(
      allowing({}, {"--exec-allow-program", "env"}),
      {.environment = {"HOME=/home/of/the/server", "LANG=de_DE.UTF-8", "LC_ALL=de_DE.UTF-8",
                       "PATH=/usr/bin:/bin", "SECRET=sesame", "LD_DEBUG_OUTPUT=/tmp/x"}});
  EXPECT_EQ(
      sorted_lines(answer_to(server, "env")),
      (std::vector<std::string>{"HOME=/home/of/the/server", "LANG=C.UTF-8", "PATH=/usr/bin:/bin"}));
}

TEST(ExecBounds, commands_have_a_path_where_the_server_has_none) {
  const ServerProcess server(allowing({}, {"--exec-allow-program", "env"}),
                             {.environment = {"SECRET=sesame"}});
  EXPECT_EQ(sorted_lines(answer_to(server, "env")),
            (std::vector<std::string>{"LANG=C.UTF-8", "PATH=/bin:/usr/bin"}));
}

}  // namespace
}  // namespace framespec::server::testing
