#include "os/diag_socket.h"

#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "os/error_text.h"
#include "os/side_by_side.h"

namespace framespec::os {
namespace {

/// The largest request we have: the header and struct inet_diag_req_v2.
constexpr std::size_t kRequestSizeMax = 128;
/// So many answers, of 2 KiB of the kernel's memory each, surely find room.
constexpr std::size_t kTogetherMax = 64;

std::string no_diagnosis(int error) {
  return std::string("this kernel or sandbox offers no socket diagnosis (NETLINK_SOCK_DIAG: ") +
         error_text(error) + ")";
}

void note_answer(DiagQuestion& question,
                 const std::expected<std::span<const std::byte>, int>& body) {
  if (!body) {
    question.answer = std::unexpected(body.error());
    return;
  }
  question.answer = std::min(body->size(), question.room.size());
  std::memcpy(question.room.data(), body->data(), *question.answer);
}

}  // namespace

std::expected<DiagSocket, std::string> DiagSocket::open() {
  const int fd = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  if (fd < 0) return std::unexpected(no_diagnosis(errno));
  DiagSocket diag(fd);
  // Connected to the kernel, so that no other process can slip an answer in, and send() is enough.
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel) != 0) {
    return std::unexpected(no_diagnosis(errno));
  }
  return diag;
}

std::expected<DiagSocket, std::string> DiagSocket::open_in(const std::string& path) {
  const auto refused = [&path](const char* call, int error, const char* right) {
    const bool is_right = error == EPERM || error == EACCES;
    return std::unexpected(path + " (" + call + ": " + error_text(error) +
                           (is_right ? std::string(", which needs ") + right : std::string{}) +
                           ")");
  };
  const int name_space = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (name_space < 0) return refused("open", errno, "CAP_SYS_PTRACE");
  std::optional<std::expected<DiagSocket, std::string>> diag;
  int error = 0;
  try {
    // A socket stays in the namespace in which it was made, whoever uses it.
    std::thread([&] {
      if (::setns(name_space, CLONE_NEWNET) != 0) {
        error = errno;
      } else {
        diag.emplace(open());
      }
    }).join();
  } catch (const std::system_error& no_thread) {
    error = no_thread.code().value();
  }
  ::close(name_space);
  if (error != 0) return refused("setns", error, "CAP_SYS_ADMIN");
  if (*diag) (*diag)->is_elsewhere_ = true;
  return std::move(*diag);
}

DiagSocket::DiagSocket(DiagSocket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      is_elsewhere_(other.is_elsewhere_),
      sequence_(other.sequence_) {}

DiagSocket::~DiagSocket() {
  if (fd_ >= 0) ::close(fd_);
}

std::expected<std::span<const std::byte>, int> DiagSocket::ask(std::span<const std::byte> request) {
  if (NLMSG_HDRLEN + request.size() > kRequestSizeMax) return std::unexpected(EMSGSIZE);
  DiagQuestion question{.request = request, .room = answer_};
  if (is_elsewhere_ || !ask_together(question)) return ask_alone(request);
  if (!question.answer) return std::unexpected(question.answer.error());
  return std::span<const std::byte>(answer_).first(*question.answer);
}

std::expected<std::span<const std::byte>, int> DiagSocket::ask_alone(
    std::span<const std::byte> request) {
  alignas(8) std::array<std::byte, kRequestSizeMax> message{};
  const std::size_t size = NLMSG_HDRLEN + request.size();
  std::memcpy(message.data() + NLMSG_HDRLEN, request.data(), request.size());

  nlmsghdr header{};
  header.nlmsg_len = static_cast<std::uint32_t>(size);
  header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  header.nlmsg_flags = NLM_F_REQUEST;
  // A lost answer (ENOBUFS) or a signal costs one more question; more in a row is a real failure.
  constexpr int kAttemptsMax = 8;
  for (int attempt = 0; attempt < kAttemptsMax; ++attempt) {
    header.nlmsg_seq = ++sequence_;
    std::memcpy(message.data(), &header, sizeof header);
    if (::send(fd_, message.data(), size, 0) < 0) {
      if (errno == EINTR || errno == ENOBUFS || errno == EAGAIN) continue;
      return std::unexpected(errno);
    }
    auto answer = receive();
    if (answer || (answer.error() != ENOBUFS && answer.error() != EAGAIN)) return answer;
  }
  return std::unexpected(ENOBUFS);
}

std::expected<std::span<const std::byte>, int> DiagSocket::receive() {
  for (;;) {
    const ssize_t count = ::recv(fd_, answer_.data(), answer_.size(), 0);
    if (count < 0) {
      if (errno == EINTR) continue;
      return std::unexpected(errno);
    }
    nlmsghdr header{};
    if (static_cast<std::size_t>(count) < sizeof header) return std::unexpected(EPROTO);
    std::memcpy(&header, answer_.data(), sizeof header);
    if (header.nlmsg_len < NLMSG_HDRLEN || header.nlmsg_len > static_cast<std::size_t>(count)) {
      return std::unexpected(EPROTO);
    }
    // The answer to a question that was given up after a signal may still be in the queue.
    if (header.nlmsg_seq != sequence_) continue;
    const std::span<const std::byte> body(answer_.data() + NLMSG_HDRLEN,
                                          header.nlmsg_len - std::size_t{NLMSG_HDRLEN});
    if (header.nlmsg_type != NLMSG_ERROR) return body;
    std::int32_t error = 0;
    if (body.size() < sizeof error) return std::unexpected(EPROTO);
    std::memcpy(&error, body.data(), sizeof error);
    return std::unexpected(error == 0 ? EPROTO : -error);
  }
}

void DiagSocket::ask_all(std::span<DiagQuestion* const> questions) {
  while (!questions.empty()) {
    const std::size_t some = std::min(questions.size(), kTogetherMax);
    ask_some(questions.first(some));
    questions = questions.subspan(some);
  }
}

void DiagSocket::ask_some(std::span<DiagQuestion* const> questions) {
  alignas(8) std::array<std::byte, kTogetherMax * kRequestSizeMax> message{};
  const std::uint32_t first = sequence_ + 1;
  std::size_t size = 0;
  for (const DiagQuestion* const question : questions) {
    nlmsghdr header{};
    header.nlmsg_len = static_cast<std::uint32_t>(NLMSG_HDRLEN + question->request.size());
    header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
    header.nlmsg_flags = NLM_F_REQUEST;
    header.nlmsg_seq = ++sequence_;
    std::memcpy(message.data() + size, &header, sizeof header);
    std::memcpy(message.data() + size + NLMSG_HDRLEN, question->request.data(),
                question->request.size());
    size += NLMSG_ALIGN(header.nlmsg_len);
  }
  const std::uint32_t last = sequence_;
  std::size_t answered = 0;
  if (::send(fd_, message.data(), size, 0) >= 0) {
    // In the order of the questions. What is not answered here is asked for alone.
    for (; answered < questions.size(); ++answered) {
      sequence_ = first + static_cast<std::uint32_t>(answered);
      const auto body = receive();
      if (!body && (body.error() == ENOBUFS || body.error() == EAGAIN)) break;
      note_answer(*questions[answered], body);
    }
  }
  sequence_ = last;
  for (; answered < questions.size(); ++answered) {
    note_answer(*questions[answered], ask_alone(questions[answered]->request));
  }
}

std::span<const std::byte> find_attribute(std::span<const std::byte> attributes,
                                          std::uint16_t type) {
  while (attributes.size() >= sizeof(rtattr)) {
    rtattr head{};
    std::memcpy(&head, attributes.data(), sizeof head);
    if (head.rta_len < sizeof head || head.rta_len > attributes.size()) return {};
    if (head.rta_type == type)
      return attributes.subspan(RTA_LENGTH(0), head.rta_len - RTA_LENGTH(0));
    const std::size_t step = RTA_ALIGN(head.rta_len);
    if (step >= attributes.size()) return {};
    attributes = attributes.subspan(step);
  }
  return {};
}

}  // namespace framespec::os
