#include "os/diag_socket.h"

#include <gtest/gtest.h>
#include <linux/inet_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <functional>
#include <string>
#include <vector>

#include "os/side_by_side.h"

namespace framespec::os {
namespace {

TEST(DiagSocket, IsOpenedInANamespaceOrTellsTheRightThatIsMissing) {
  const auto diag = DiagSocket::open_in("/proc/self/ns/net");
  if (!diag) {
    EXPECT_NE(diag.error().find("CAP_SYS_ADMIN"), std::string::npos) << diag.error();
  }
  const auto none = DiagSocket::open_in("/proc/self/ns/no_such");
  ASSERT_FALSE(none.has_value());
  EXPECT_NE(none.error().find("/proc/self/ns/no_such (open: "), std::string::npos) << none.error();
}

/// A listener on loopback, and a request for it.
class ListeningSocket {
 public:
  ListeningSocket() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (fd_ < 0) {
      ADD_FAILURE() << "socket: error " << errno;
      return;
    }
    EXPECT_EQ(::bind(fd_, generic, size), 0);
    EXPECT_EQ(::listen(fd_, 1), 0);
    EXPECT_EQ(::getsockname(fd_, generic, &size), 0);
    request_.sdiag_family = AF_INET;
    request_.sdiag_protocol = IPPROTO_TCP;
    request_.idiag_states = ~0U;
    request_.id.idiag_src[0] = address.sin_addr.s_addr;
    request_.id.idiag_sport = address.sin_port;
    request_.id.idiag_cookie[0] = request_.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  }
  ~ListeningSocket() { close(); }
  ListeningSocket(const ListeningSocket&) = delete;
  ListeningSocket& operator=(const ListeningSocket&) = delete;

  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  [[nodiscard]] std::span<const std::byte> request() const {
    return std::as_bytes(std::span(&request_, 1));
  }
  [[nodiscard]] bool is_shown_in(std::span<const std::byte> body) const {
    inet_diag_msg shown{};
    if (body.size() < sizeof shown) return false;
    std::memcpy(&shown, body.data(), sizeof shown);
    return shown.id.idiag_sport == request_.id.idiag_sport;
  }

 private:
  int fd_;
  inet_diag_req_v2 request_{};
};

TEST(DiagSocket, AnswersManyQuestionsEachWithItsOwnSocket) {
  constexpr std::size_t kListeners = 150;
  auto diag = DiagSocket::open();
  ASSERT_TRUE(diag) << diag.error();
  std::vector<ListeningSocket> listeners(kListeners);
  std::vector<std::array<std::byte, 1024>> rooms(kListeners);
  std::vector<DiagQuestion> questions;
  questions.reserve(kListeners);
  for (std::size_t index = 0; index < kListeners; ++index) {
    if (index % 7 == 3) listeners[index].close();
    questions.push_back({.request = listeners[index].request(), .room = rooms[index]});
  }
  std::vector<DiagQuestion*> all;
  all.reserve(kListeners);
  for (DiagQuestion& question : questions) all.push_back(&question);
  diag->ask_all(all);
  for (std::size_t index = 0; index < kListeners; ++index) {
    const auto& answer = questions[index].answer;
    if (index % 7 == 3) {
      ASSERT_FALSE(answer.has_value()) << index;
      EXPECT_EQ(answer.error(), ENOENT) << index;
    } else {
      ASSERT_TRUE(answer.has_value()) << index << ": errno " << answer.error();
      EXPECT_TRUE(listeners[index].is_shown_in(std::span(rooms[index]).first(*answer))) << index;
    }
  }
  // What goes alone afterwards is not taken for a late answer to one of them.
  const auto alone = diag->ask(listeners[0].request());
  ASSERT_TRUE(alone.has_value());
  EXPECT_TRUE(listeners[0].is_shown_in(*alone));
}

TEST(DiagSocket, WhatTasksAskTogetherIsAnsweredToEach) {
  const std::vector<ListeningSocket> listeners(5);
  std::size_t shown = 0;
  std::vector<std::function<void()>> tasks;
  tasks.reserve(listeners.size());
  for (const ListeningSocket& listener : listeners) {
    tasks.emplace_back([&] {
      auto diag = DiagSocket::open();
      ASSERT_TRUE(diag) << diag.error();
      for (int turn = 0; turn < 20; ++turn) {
        const auto body = diag->ask(listener.request());
        if (body && listener.is_shown_in(*body)) ++shown;
      }
    });
  }
  run_side_by_side(3, tasks);
  EXPECT_EQ(shown, listeners.size() * 20);
}

}  // namespace
}  // namespace framespec::os
