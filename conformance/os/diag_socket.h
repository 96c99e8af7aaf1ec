// The kernel's socket diagnosis: one question, one answer (sock_diag(7)).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>
#include <string>

namespace framespec::os {

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
  /// there is no such socket, ESTALE when the cookie is another socket's.
  [[nodiscard]] std::expected<std::span<const std::byte>, int> ask(
      std::span<const std::byte> request);

 private:
  explicit DiagSocket(int fd) noexcept : fd_(fd) {}

  /// The answer to question `sequence_`; nothing when the datagram at hand is none.
  [[nodiscard]] std::expected<std::span<const std::byte>, int> receive();

  int fd_;
  std::uint32_t sequence_ = 0;
  alignas(8) std::array<std::byte, 4096> answer_;
};

/// The attribute of that type in the attributes that follow a message struct; empty when absent.
[[nodiscard]] std::span<const std::byte> find_attribute(std::span<const std::byte> attributes,
                                                        std::uint16_t type);

}  // namespace framespec::os
