// What the kernel tells about the peer's socket, in every state that it can be in.
#include "delivery/peer_probe.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <functional>
#include <thread>

#include "delivery/counting_reader/reader_process.h"
#include "delivery/tests/test_stream.h"

namespace framespec::delivery {
namespace {

using counting_reader::ReaderProcess;

/// A listener of our own on IPv4 loopback and one connection to it, not accepted yet.
class Loopback {
 public:
  Loopback()
      : listener_(::socket(AF_INET, SOCK_STREAM, 0)), ours_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (listener_ < 0 || ours_ < 0 || ::bind(listener_, generic, size) != 0 ||
        ::listen(listener_, 8) != 0 || ::getsockname(listener_, generic, &size) != 0 ||
        ::connect(ours_, generic, size) != 0) {
      throw std::runtime_error("no loopback connection");
    }
  }
  ~Loopback() {
    for (const int fd : {listener_, ours_, peer_}) {
      if (fd >= 0) ::close(fd);
    }
  }
  void accept() { peer_ = ::accept(listener_, nullptr, nullptr); }
  void close_peer() {
    ::close(peer_);
    peer_ = -1;
  }
  void send(std::size_t size) {
    const ByteVector bytes = stream_of(size);
    ASSERT_EQ(::send(ours_, bytes.data(), size, 0), static_cast<ssize_t>(size));
  }
  std::size_t take(std::size_t size) {
    ByteVector bytes(size);
    return static_cast<std::size_t>(::recv(peer_, bytes.data(), size, 0));
  }
  [[nodiscard]] int ours() const { return ours_; }

 private:
  int listener_;
  int ours_;
  int peer_ = -1;
};

/// Looks until `is_so` holds: what one side does reaches the other side's figures soon, not at
/// once.
PeerFigures look_until(PeerProbe& probe, const std::function<bool(const PeerFigures&)>& is_so) {
  const Deadline deadline = patient(60);
  for (;;) {
    const auto figures = probe.look();
    if (!figures) {
      ADD_FAILURE() << figures.error().reason;
      return {};
    }
    if (is_so(*figures)) return *figures;
    if (std::chrono::steady_clock::now() > deadline) {
      ADD_FAILURE() << "received " << figures->bytes_received << ", queued "
                    << figures->bytes_queued;
      return *figures;
    }
    std::this_thread::yield();
  }
}

TEST(PeerProbe, SeesBytesArriveAndBeingTaken) {
  Loopback loopback;
  auto probe = PeerProbe::open(loopback.ours());
  ASSERT_TRUE(probe) << probe.error().reason;
  loopback.accept();
  loopback.send(7);
  auto figures = look_until(*probe, [](const auto& now) { return now.bytes_received == 7; });
  EXPECT_EQ(figures.bytes_queued, 7U);
  EXPECT_TRUE(figures.is_accepted);
  EXPECT_NE(figures.inode, 0U);
  EXPECT_EQ(loopback.take(3), 3U);
  EXPECT_EQ(look_until(*probe, [](const auto&) { return true; }).bytes_queued, 4U);
  EXPECT_EQ(probe->bytes_unread(), 4U);
  EXPECT_EQ(loopback.take(9), 4U);
  EXPECT_EQ(look_until(*probe, [](const auto&) { return true; }).bytes_queued, 0U);
}

TEST(PeerProbe, SeesAConnectionThatNobodyHasAcceptedYet) {
  Loopback loopback;
  auto probe = PeerProbe::open(loopback.ours());
  ASSERT_TRUE(probe) << probe.error().reason;
  loopback.send(5);
  const auto waiting = look_until(*probe, [](const auto& now) { return now.bytes_received == 5; });
  EXPECT_FALSE(waiting.is_accepted);
  EXPECT_EQ(waiting.bytes_queued, 5U);
  loopback.accept();
  EXPECT_TRUE(look_until(*probe, [](const auto& now) { return now.is_accepted; }).is_accepted);
}

TEST(PeerProbe, EndOfStreamCountsAsOneByte) {
  Loopback loopback;
  auto probe = PeerProbe::open(loopback.ours());
  ASSERT_TRUE(probe) << probe.error().reason;
  loopback.accept();
  loopback.send(2);
  EXPECT_EQ(loopback.take(2), 2U);
  ::shutdown(loopback.ours(), SHUT_WR);
  const auto ended = look_until(*probe, [](const auto& now) { return now.bytes_received == 3; });
  EXPECT_EQ(ended.bytes_queued, 1U);
  EXPECT_EQ(loopback.take(1), 0U);
  EXPECT_EQ(look_until(*probe, [](const auto&) { return true; }).bytes_queued, 0U);
}

TEST(PeerProbe, NeverTakesTheListenerForThePeer) {
  Loopback loopback;
  auto probe = PeerProbe::open(loopback.ours());
  ASSERT_TRUE(probe) << probe.error().reason;
  loopback.accept();
  loopback.send(1);
  look_until(*probe, [](const auto& now) { return now.bytes_received == 1; });
  // Closing with a byte unread resets: nothing is left of the connection, but the listener still
  // is.
  loopback.close_peer();
  const auto gone = probe->look();
  ASSERT_FALSE(gone) << "found something in state " << static_cast<int>(gone->state);
  EXPECT_EQ(gone.error().failure, ProbeFailure::kPeerGone);
}

TEST(PeerProbe, AnOrderlyCloseLeavesNoOpenSocket) {
  Loopback loopback;
  auto probe = PeerProbe::open(loopback.ours());
  ASSERT_TRUE(probe) << probe.error().reason;
  loopback.accept();
  look_until(*probe, [](const auto& now) { return now.is_accepted; });
  loopback.close_peer();
  const auto closed = probe->look();
  if (closed) {
    EXPECT_EQ(closed->state, PeerState::kClosing);
  } else {
    EXPECT_EQ(closed.error().failure, ProbeFailure::kPeerGone);
  }
}

class PeerProbeFamilies : public testing::TestWithParam<std::string> {};

TEST_P(PeerProbeFamilies, SeesAnotherProcessTakeBytes) {
  const ReaderProcess reader(GetParam(), "stop", 3);
  auto probe = PeerProbe::open(reader.fd());
  ASSERT_TRUE(probe) << probe.error().reason;
  const ByteVector bytes = stream_of(10);
  ASSERT_EQ(::send(reader.fd(), bytes.data(), bytes.size(), 0), 10);
  const Deadline deadline = patient(60);
  while (probe->bytes_unread() != 7U && std::chrono::steady_clock::now() < deadline) {
    // The accepting side may not be that far: an AF_UNIX peer has no entry before.
    ASSERT_TRUE(probe->look());
  }
  EXPECT_EQ(probe->bytes_unread(), 7U);
}

INSTANTIATE_TEST_SUITE_P(Each, PeerProbeFamilies,
                         testing::Values("ipv4", "ipv6", "dual", "mapped", "mptcp"),
                         [](const auto& tested) { return tested.param; });

TEST(PeerProbe, RefusesWhatIsNoConnectedStream) {
  const int datagram = ::socket(AF_INET, SOCK_DGRAM, 0);
  const int unconnected = ::socket(AF_INET, SOCK_STREAM, 0);
  const int local = ::socket(AF_UNIX, SOCK_STREAM, 0);
  for (const int fd : {datagram, unconnected, local, -1}) {
    const auto probe = PeerProbe::open(fd);
    ASSERT_FALSE(probe);
    EXPECT_EQ(probe.error().failure, ProbeFailure::kNotAConnection);
    EXPECT_FALSE(probe.error().reason.empty());
    if (fd >= 0) ::close(fd);
  }
}

TEST(PeerProbe, AUnixSocketpairCanBeProvenToo) {
  std::array<int, 2> pair{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()), 0);
  auto probe = PeerProbe::open(pair[0]);
  ASSERT_TRUE(probe) << probe.error().reason;
  ASSERT_EQ(::send(pair[0], "abc", 3, 0), 3);
  auto figures = probe->look();
  ASSERT_TRUE(figures);
  EXPECT_GT(figures->bytes_queued, 0U);
  EXPECT_EQ(probe->bytes_unread(), 3U);
  std::array<char, 8> taken{};
  EXPECT_EQ(::recv(pair[1], taken.data(), taken.size(), 0), 3);
  figures = probe->look();
  ASSERT_TRUE(figures);
  EXPECT_EQ(figures->bytes_queued, 0U);
  ::close(pair[0]);
  ::close(pair[1]);
}

}  // namespace
}  // namespace framespec::delivery
