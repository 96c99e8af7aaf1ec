// The log on stderr, whoever reads it or does not.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <climits>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "plain_socket.h"
#include "server_process.h"

namespace framespec::server::testing {
namespace {

// The smallest pipe there is.
class SmallPipe {
 public:
  SmallPipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    ::fcntl(ends_[1], F_SETPIPE_SZ, 1);
    ::fcntl(ends_[0], F_SETFL, O_NONBLOCK);
  }
  ~SmallPipe() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  SmallPipe(const SmallPipe&) = delete;
  SmallPipe& operator=(const SmallPipe&) = delete;

  int write_end() const { return ends_[1]; }

  std::string read_what_is_there() const {
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t size = 0; (size = ::read(ends_[0], buffer.data(), buffer.size())) > 0;) {
      text.append(buffer.data(), static_cast<std::size_t>(size));
    }
    return text;
  }

 private:
  std::array<int, 2> ends_{};
};

std::string every_ascii_character() {
  std::string all;
  for (char character = ' '; character <= '~'; ++character) all += character;
  return all;
}

// A line is logged for each before its end can be seen.
void break_a_rule(const ServerProcess& server) {
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send("\xff\xff\xff\xff"));
  ASSERT_EQ(peer.receive_rest().end, StreamEnd::kFin);
}

TEST(Log, every_line_is_a_json_object_with_time_level_and_event) {
  ServerProcess server({"--log-format", "json", "--log-level", "debug"});
  break_a_rule(server);
  EXPECT_EQ(server.stop(), 0);
  std::istringstream lines(server.log());
  std::vector<std::string> events;
  for (std::string line; std::getline(lines, line);) {
    const nlohmann::json fields = nlohmann::json::parse(line);
    EXPECT_EQ(fields.at("time").get<std::string>().size(), 24U) << line;
    EXPECT_TRUE(fields.contains("level")) << line;
    events.push_back(fields.at("event"));
  }
  const std::vector<std::string> expected{"listening", "connection_opened", "connection_closed",
                                          "draining", "stopped"};
  EXPECT_EQ(events, expected);
}

TEST(Log, that_nobody_reads_holds_nothing_up) {
  const SmallPipe pipe;
  ServerProcess server({}, {.standard_error = pipe.write_end()});
  for (int i = 0; i < 100; ++i) break_a_rule(server);
  EXPECT_EQ(server.stop(), 0);
}

TEST(Log, on_a_terminal_that_shows_nothing_more_holds_nothing_up) {
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  ASSERT_GE(master, 0);
  ASSERT_EQ(::grantpt(master), 0);
  ASSERT_EQ(::unlockpt(master), 0);
  std::array<char, 128> name{};
  ASSERT_EQ(::ptsname_r(master, name.data(), name.size()), 0);
  const int terminal = ::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  ASSERT_GE(terminal, 0);
  ServerProcess server({}, {.standard_error = terminal});
  for (int i = 0; i < 600; ++i) break_a_rule(server);
  EXPECT_EQ(server.stop(), 0);
  ::close(terminal);
  ::close(master);
}

TEST(Log, says_how_many_lines_were_dropped) {
  const SmallPipe pipe;
  const ServerProcess server({"--log-format", "json"}, {.standard_error = pipe.write_end()});
  for (int i = 0; i < 100; ++i) break_a_rule(server);
  std::string log = pipe.read_what_is_there();
  break_a_rule(server);
  log += pipe.read_what_is_there();

  std::istringstream lines(log);
  std::uint64_t written = 0;
  std::uint64_t dropped = 0;
  for (std::string line; std::getline(lines, line); ++written) {
    dropped += nlohmann::json::parse(line).value("log_lines_dropped", std::uint64_t{0});
  }
  EXPECT_GT(dropped, 0U);
  EXPECT_EQ(written + dropped, 102U) << "of a line for each connection, and one at the start";
}

TEST(Log, holds_no_control_and_loses_no_byte) {
  for (const char* const format : {"json", "text"}) {
    const ServerProcess server(
        {"--log-format", format, "--service", "exec", "--exec-allow", "true"});
    for (const char* const command : {"\x1b[31m\u009b\u202e",
                                      "\x9b"
                                      "31m\n"}) {
      PlainSocket peer(server.address());
      ASSERT_TRUE(peer.send(int32_frame(command)));
      peer.finish_sending();
      EXPECT_NE(peer.receive_rest().bytes, "");
    }
    const std::string log = server.log();
    EXPECT_NE(log.find(R"("\u001b[31m\u009b\u202e")"), std::string::npos) << log;
    EXPECT_NE(log.find(R"("\\x9b31m)"), std::string::npos) << log;
    EXPECT_EQ(log.find_first_not_of("\n" + every_ascii_character()), std::string::npos) << log;
  }
}

TEST(Log, cuts_what_a_peer_chose_to_the_length_of_a_line) {
  const ServerProcess server({"--log-format", "json", "--service", "exec", "--exec-allow", "true"});
  PlainSocket peer(server.address());
  ASSERT_TRUE(peer.send(int32_frame(std::string(60'000, '\1'))));
  peer.finish_sending();
  EXPECT_NE(peer.receive_rest().bytes, "");
  std::istringstream lines(server.log());
  std::size_t refused = 0;
  for (std::string line; std::getline(lines, line);) {
    EXPECT_LT(line.size(), PIPE_BUF);
    const nlohmann::json fields = nlohmann::json::parse(line);
    if (fields.at("event") != "command_refused") continue;
    ++refused;
    EXPECT_TRUE(fields.at("command").get<std::string>().starts_with("\1\1\1"));
  }
  EXPECT_EQ(refused, 1U);
}

}  // namespace
}  // namespace framespec::server::testing
