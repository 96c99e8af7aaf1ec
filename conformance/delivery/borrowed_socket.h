// The peer's socket, borrowed from its process for a moment.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <expected>
#include <optional>
#include <string>

namespace framespec::delivery {

/// Finds the process that holds a socket and duplicates its descriptor (pidfd_getfd(2)), for one
/// look at a time: a copy that we kept would hide the peer's close from us.
class BorrowedSocket {
 public:
  /// `peer_pid`: where the search begins (for AF_UNIX, from SO_PEERCRED). Fails with a sentence
  /// when this process may not look into that one (other user, ptrace restrictions, sandbox).
  [[nodiscard]] static std::expected<BorrowedSocket, std::string> open(pid_t peer_pid);

  BorrowedSocket(BorrowedSocket&& other) noexcept;
  BorrowedSocket& operator=(BorrowedSocket&&) = delete;
  ~BorrowedSocket();

  /// Waits until no receive call is at work on the socket of that inode. False when no process that
  /// we can see holds it.
  [[nodiscard]] bool wait_until_no_receive(std::uint32_t inode);

  /// SO_RCVLOWAT of the socket of that inode, in bytes: as long as fewer are in its queue, its
  /// process is not told of them. Nothing when no process that we can see holds it.
  [[nodiscard]] std::optional<int> low_water_mark(std::uint32_t inode);

  /// Whether every thread of the process that was found to hold it sleeps at this moment.
  [[nodiscard]] bool is_holder_asleep() const;

 private:
  explicit BorrowedSocket(pid_t peer_pid) noexcept : peer_pid_(peer_pid) {}

  /// A duplicate of the socket's descriptor, for the caller to close; -1 when nobody holds it.
  [[nodiscard]] int borrow(std::uint32_t inode);
  /// The same of the descriptor found last; -1 when it is no longer that socket.
  [[nodiscard]] int duplicate(std::uint32_t inode) const;
  bool find(std::uint32_t inode);
  bool find_in(pid_t pid, std::uint32_t inode);

  pid_t peer_pid_;
  int holder_ = -1;  // pidfd
  pid_t holder_pid_ = 0;
  int descriptor_ = -1;  // in the holder
};

}  // namespace framespec::delivery
