#include "launch/client_testee.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "launch/testee_choice.h"

namespace framespec::conformance {
namespace {

using std::chrono::seconds;

// What is said to python3 behind these lines is done with a connection.
constexpr const char* kConnects =
    "exec python3 -c 'import socket, sys, time\n"
    "s = socket.create_connection((\"127.0.0.1\", int(sys.argv[1])))\n";

ClientTestee client(const std::string& does, bool reconnects = false) {
  return {Endpoint::loopback(0),
          ClientTestee::Launch{
              .command = kConnects + does + "' {port}", .values = {}, .reconnects = reconnects},
          seconds(60)};
}

auto far_away() { return std::chrono::steady_clock::now() + seconds(60); }

std::string read_all(int fd) {
  std::string text;
  std::array<char, 256> piece;
  for (;;) {
    const ssize_t size = recv(fd, piece.data(), piece.size(), 0);
    if (size == 0) return text;
    if (size > 0) text.append(piece.data(), static_cast<std::size_t>(size));
  }
}

TEST(ClientTestee, IsStartedForEachConnectionAndEndsWithIt) {
  ClientTestee testee = client("s.sendall(b\"hello\")");
  ASSERT_TRUE(testee.ensure_ready().has_value());
  EXPECT_EQ(testee.pid(), 0) << "nobody is needed yet";
  pid_t first = 0;
  for (int times = 0; times < 2; ++times) {
    const auto fd = testee.connect(far_away());
    ASSERT_TRUE(fd.has_value()) << fd.error().sentence;
    EXPECT_NE(testee.pid(), first);
    first = testee.pid();
    EXPECT_EQ(read_all(fd->get()), "hello");
    EXPECT_EQ(testee.died(seconds(60)), ProcessEnd{});
    testee.let_go();
    EXPECT_EQ(testee.pid(), 0);
  }
  EXPECT_EQ(testee.starts(), 1U);
  EXPECT_TRUE(testee.deaths().empty());
}

TEST(ClientTestee, ThatReconnectsIsOneProcess) {
  ClientTestee testee = client(
      "while True:\n"
      " s.sendall(b\"hi\")\n"
      " s.close()\n"
      " s = socket.create_connection((\"127.0.0.1\", int(sys.argv[1])))\n",
      true);
  ASSERT_TRUE(testee.ensure_ready().has_value());
  const pid_t pid = testee.pid();
  EXPECT_NE(pid, 0);
  for (int times = 0; times < 3; ++times) {
    const auto fd = testee.connect(far_away());
    ASSERT_TRUE(fd.has_value()) << fd.error().sentence;
    EXPECT_EQ(read_all(fd->get()), "hi");
    testee.let_go();
  }
  EXPECT_EQ(testee.pid(), pid);
  EXPECT_EQ(testee.starts(), 1U);
  EXPECT_FALSE(testee.ends_with_connection());
}

TEST(ClientTestee, ThatEndsFirstIsSaidToHaveEnded) {
  ClientTestee testee(Endpoint::loopback(0),
                      ClientTestee::Launch{.command = "exit 7", .values = {}}, seconds(60));
  ASSERT_TRUE(testee.ensure_ready().has_value());
  const auto fd = testee.connect(far_away());
  ASSERT_FALSE(fd.has_value());
  EXPECT_NE(fd.error().sentence.find("exited with status 7 before it connected"), std::string::npos)
      << fd.error().sentence;
  EXPECT_FALSE(fd.error().is_own_lack);
}

TEST(ClientTestee, ThatNeverConnectsIsWaitedForWithinABound) {
  ClientTestee testee(Endpoint::loopback(0),
                      ClientTestee::Launch{.command = "exec sleep 600", .values = {}},
                      std::chrono::milliseconds(100));
  ASSERT_TRUE(testee.ensure_ready().has_value());
  const auto fd = testee.connect(far_away());
  ASSERT_FALSE(fd.has_value());
  EXPECT_NE(fd.error().sentence.find("did not connect to 127.0.0.1:"), std::string::npos)
      << fd.error().sentence;
  testee.let_go();
  EXPECT_EQ(testee.pid(), 0);
}

TEST(ClientTestee, ThatRunsByItselfIsNotAskedForItsCommand) {
  const auto sentence_of = [](std::optional<ClientTestee::Launch> launch) {
    ClientTestee testee(Endpoint::loopback(0), std::move(launch), std::chrono::milliseconds(100));
    EXPECT_TRUE(testee.ensure_ready().has_value());
    const auto fd = testee.connect(far_away());
    return fd ? std::string() : fd.error().sentence;
  };
  const std::string started =
      sentence_of(ClientTestee::Launch{.command = "exec sleep 600", .values = {}});
  EXPECT_NE(started.find("has neither {port} nor"), std::string::npos) << started;
  const std::string by_itself = sentence_of(std::nullopt);
  EXPECT_NE(by_itself.find("within 0.1 s"), std::string::npos) << by_itself;
  EXPECT_EQ(by_itself.find("command"), std::string::npos) << by_itself;
}

TEST(ClientTestee, ThatConnectsTwiceIsSeenToAndTheNextOneIsItsSuccessor) {
  ClientTestee testee = client(
      "t = socket.create_connection((\"127.0.0.1\", int(sys.argv[1])))\n"
      "s.sendall(b\"first\")\n"
      "s.close()\n"
      "t.recv(1)");
  ASSERT_TRUE(testee.ensure_ready().has_value());
  for (int times = 0; times < 2; ++times) {
    const auto fd = testee.connect(far_away());
    ASSERT_TRUE(fd.has_value()) << fd.error().sentence;
    EXPECT_EQ(read_all(fd->get()), "first") << "the second connection of an earlier one";
    EXPECT_TRUE(testee.has_come_again());
    testee.let_go();
  }
}

TEST(ClientTestee, WritesApartFromItsErrorsWhereThatIsLookedAt) {
  ClientTestee testee(
      Endpoint::loopback(0),
      ClientTestee::Launch{.command = std::string(kConnects) +
                                      "print(\"shown\", flush=True)\n"
                                      "print(\"said\", file=sys.stderr, flush=True)' {port}",
                           .values = {},
                           .answers_on_stdout = true},
      seconds(60));
  ASSERT_TRUE(testee.ensure_ready().has_value());
  EXPECT_EQ(testee.answers_fd(), -1);
  const auto fd = testee.connect(far_away());
  ASSERT_TRUE(fd.has_value()) << fd.error().sentence;
  EXPECT_EQ(testee.died(seconds(60)), ProcessEnd{});
  std::array<char, 64> shown;
  const ssize_t size = read(testee.answers_fd(), shown.data(), shown.size());
  EXPECT_EQ(std::string(shown.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))),
            "shown\n");
  EXPECT_NE(testee.output_since_mark().find("said"), std::string::npos);
}

TEST(ClientTestee, CannotBeListenedForWhereSomebodyElseListens) {
  Endpoint taken = Endpoint::loopback(0);
  const auto listener = taken.listen();
  ASSERT_TRUE(listener.has_value()) << listener.error();
  ClientTestee testee(taken, std::nullopt, seconds(60));
  const auto ready = testee.ensure_ready();
  ASSERT_FALSE(ready.has_value());
  EXPECT_NE(ready.error().reason.find("cannot listen on 127.0.0.1:"), std::string::npos);
}

TEST(ClientTestee, IsToldWhereToConnectTo) {
  auto address = Endpoint::parse("[::1]:1");
  ASSERT_TRUE(address.has_value());
  EXPECT_EQ(address->host(), "::1");
  ClientTestee testee(
      Endpoint::loopback(0),
      ClientTestee::Launch{
          .command = std::string(kConnects) + "s.sendall(sys.argv[2].encode())' {port} {host}",
          .values = {}},
      seconds(60));
  ASSERT_TRUE(testee.ensure_ready().has_value());
  const auto fd = testee.connect(far_away());
  ASSERT_TRUE(fd.has_value()) << fd.error().sentence;
  EXPECT_EQ(read_all(fd->get()), "127.0.0.1");
}

TEST(TesteeChoice, HasANameForEachKindAndReadsIt) {
  for (const TesteeKind kind : {TesteeKind::kServer, TesteeKind::kLaunched, TesteeKind::kClient,
                                TesteeKind::kClientThatComes}) {
    EXPECT_EQ(testee_kind(name_of(kind)), kind);
  }
  EXPECT_EQ(testee_kind("proxy"), std::nullopt);
}

}  // namespace
}  // namespace framespec::conformance
