// The peer's AF_UNIX socket, borrowed from its process for a moment.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <expected>
#include <string>

namespace framespec::delivery {

/// Finds the process that holds a socket and duplicates its descriptor (pidfd_getfd(2)), for one
/// look at a time: a copy that we kept would hide the peer's close from us.
class BorrowedSocket {
 public:
  /// `peer_pid`: from SO_PEERCRED; where the search begins. Fails with a sentence when this process
  /// may not look into that one (other user, ptrace restrictions, sandbox).
  [[nodiscard]] static std::expected<BorrowedSocket, std::string> open(pid_t peer_pid);

  BorrowedSocket(BorrowedSocket&& other) noexcept;
  BorrowedSocket& operator=(BorrowedSocket&&) = delete;
  ~BorrowedSocket();

  /// Waits until no receive call is at work on the socket of that inode. False when no process that
  /// we can see holds it.
  [[nodiscard]] bool wait_until_no_receive(std::uint32_t inode);

 private:
  explicit BorrowedSocket(pid_t peer_pid) noexcept : peer_pid_(peer_pid) {}

  /// A duplicate of the descriptor found last; -1 when it is no longer that socket.
  [[nodiscard]] int duplicate(std::uint32_t inode) const;
  bool find(std::uint32_t inode);
  bool find_in(pid_t pid, const std::string& link);

  pid_t peer_pid_;
  int holder_ = -1;      // pidfd
  int descriptor_ = -1;  // in the holder
};

}  // namespace framespec::delivery
