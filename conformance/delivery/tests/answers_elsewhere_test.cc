// A peer that shows what it has received on another descriptor than the connection.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>
#include <utility>

#include "delivery/deliver.h"
#include "delivery/tests/test_stream.h"

namespace framespec::delivery {
namespace {

struct Connected {
  int ours = -1;
  int theirs = -1;

  Connected() {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    listen(listener, 1);
    getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
    theirs = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    connect(theirs, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    ours = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    close(listener);
  }
  Connected(const Connected&) = delete;
  Connected& operator=(const Connected&) = delete;
  ~Connected() {
    close(ours);
    close(theirs);
  }
};

class AnswersElsewhere : public testing::Test {
 protected:
  AnswersElsewhere() {
    EXPECT_EQ(pipe2(pipe_.data(), O_CLOEXEC), 0);
    fcntl(pipe_[0], F_SETFL, O_NONBLOCK);
  }
  ~AnswersElsewhere() override {
    close(pipe_[0]);
    if (pipe_[1] >= 0) close(pipe_[1]);
  }

  DelivererOptions options() {
    DelivererOptions options;
    options.received = [this](Bytes bytes) { answers_ += as_text(bytes); };
    options.answers_fd = pipe_[0];
    options.requested = [this](Bytes bytes) { requests_ += as_text(bytes); };
    return options;
  }

  void end_answers() { close(std::exchange(pipe_[1], -1)); }

  Connected connected_;
  std::array<int, 2> pipe_{-1, -1};
  std::string answers_;
  std::string requests_;
};

TEST_F(AnswersElsewhere, AreReadWhileADeliveryWaits) {
  // More than a pipe holds: whoever does not read it meanwhile waits for ever.
  constexpr std::size_t kShown = std::size_t{1} << 20U;
  Deliverer deliverer(connected_.ours, options());
  std::thread peer([this] {
    const std::string shown(kShown, 'x');
    std::array<char, 16> piece;
    for (int times = 0; times < 2; ++times) {
      EXPECT_EQ(recv(connected_.theirs, piece.data(), piece.size(), 0), 3);
      for (std::size_t done = 0; done < kShown;) {
        const ssize_t size = write(pipe_[1], shown.data() + done, kShown - done);
        if (size > 0) done += static_cast<std::size_t>(size);
      }
      EXPECT_EQ(send(connected_.theirs, "ask", 3, 0), 3);
    }
  });
  const ByteVector stream = stream_of(6);
  const Delivery delivery = deliverer.split(stream, cuts_every(3, 6), patient());
  EXPECT_EQ(delivery.proof, ProofLevel::kProven) << describe(delivery);
  deliverer.receive(patient(),
                    [&] { return answers_.size() == 2 * kShown && requests_.size() == 6; });
  peer.join();
  EXPECT_EQ(answers_.size(), 2 * kShown);
  EXPECT_EQ(requests_, "askask");
  EXPECT_EQ(deliverer.bytes_received(), 2 * kShown) << "requests are no answers";
}

TEST_F(AnswersElsewhere, MayComeBehindTheEndOfTheConnection) {
  Deliverer deliverer(connected_.ours, options());
  shutdown(connected_.theirs, SHUT_WR);
  deliverer.receive(patient(), [&] { return deliverer.peer_end() == PeerEnd::kClosed; });
  EXPECT_EQ(deliverer.peer_end(), PeerEnd::kClosed);
  EXPECT_TRUE(deliverer.may_be_answered());
  std::thread peer([this] {
    EXPECT_EQ(write(pipe_[1], "late", 4), 4);
    end_answers();
  });
  EXPECT_EQ(deliverer.receive(patient()), PeerEnd::kClosed);
  peer.join();
  EXPECT_EQ(answers_, "late");
  EXPECT_FALSE(deliverer.may_be_answered());
}

TEST_F(AnswersElsewhere, EndBeforeTheConnectionDoes) {
  Deliverer deliverer(connected_.ours, options());
  end_answers();
  EXPECT_EQ(send(connected_.theirs, "ask", 3, 0), 3);
  deliverer.receive(patient(), [&] { return requests_ == "ask"; });
  EXPECT_EQ(deliverer.peer_end(), PeerEnd::kOpen);
  EXPECT_TRUE(deliverer.may_be_answered()) << "a connection is open as long as it is";
  shutdown(connected_.theirs, SHUT_WR);
  EXPECT_EQ(deliverer.receive(patient()), PeerEnd::kClosed);
  EXPECT_FALSE(deliverer.may_be_answered());
}

}  // namespace
}  // namespace framespec::delivery
