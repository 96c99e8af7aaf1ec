// The kernel's socket diagnosis: one question, one answer (sock_diag(7)).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>

namespace framespec::os {

/// A question to be asked together with others.
struct DiagQuestion {
  std::span<const std::byte> request;         ///< a diag request struct, without the netlink header
  std::span<std::byte> room;                  ///< for the body of the answer
  std::expected<std::size_t, int> answer{0};  ///< the size of that, or the errno of the refusal
};

/// One NETLINK_SOCK_DIAG descriptor. Sees the sockets of one network namespace; in our own it needs
/// no privilege.
class DiagSocket {
 public:
  /// Fails with a sentence where the kernel or a sandbox does not offer socket diagnosis.
  [[nodiscard]] static std::expected<DiagSocket, std::string> open();

  /// The same in the network namespace that the file `path` ("/proc/PID/ns/net") stands for. A
  /// thread of its own enters it, so that the caller never does. Fails with a sentence that names
  /// the right that is missing: CAP_SYS_PTRACE to open the file of another user's process,
  /// CAP_SYS_ADMIN to enter.
  [[nodiscard]] static std::expected<DiagSocket, std::string> open_in(const std::string& path);

  DiagSocket(DiagSocket&& other) noexcept;
  DiagSocket& operator=(DiagSocket&&) = delete;
  ~DiagSocket();

  /// Sends `request` (a diag request struct, without the netlink header) and returns the body of
  /// the answer, valid until the next call, or the errno with which the kernel refused: ENOENT when
  /// there is no such socket, ESTALE when the cookie is another socket's. In a task
  /// (os/side_by_side.h) the question goes to the kernel together with those of the other tasks.
  [[nodiscard]] std::expected<std::span<const std::byte>, int> ask(
      std::span<const std::byte> request);

  /// Asks several questions by one send. The kernel looks at one socket after the other, in this
  /// order; no answer is older than this call.
  void ask_all(std::span<DiagQuestion* const> questions);

 private:
  explicit DiagSocket(int fd) noexcept : fd_(fd) {}

  [[nodiscard]] std::expected<std::span<const std::byte>, int> ask_alone(
      std::span<const std::byte> request);
  void ask_some(std::span<DiagQuestion* const> questions);
  /// The answer to question `sequence_`; nothing when the datagram at hand is none.
  [[nodiscard]] std::expected<std::span<const std::byte>, int> receive();

  int fd_;
  bool is_elsewhere_ = false;  ///< in another network namespace
  std::uint32_t sequence_ = 0;
  alignas(8) std::array<std::byte, 4096> answer_;
};

/// The attribute of that type in the attributes that follow a message struct; empty when absent.
[[nodiscard]] std::span<const std::byte> find_attribute(std::span<const std::byte> attributes,
                                                        std::uint16_t type);

}  // namespace framespec::os
