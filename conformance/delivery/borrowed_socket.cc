#include "delivery/borrowed_socket.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "os/error_text.h"
#include "os/processes.h"

namespace framespec::delivery {
namespace {

int open_process(pid_t pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }

int take_descriptor(int process, int descriptor) {
  return static_cast<int>(::syscall(SYS_pidfd_getfd, process, descriptor, 0));
}

}  // namespace

std::expected<BorrowedSocket, std::string> BorrowedSocket::open(pid_t peer_pid) {
  if (peer_pid <= 0) {
    return std::unexpected(
        "the testee runs in another PID namespace (a container), where its socket cannot be looked "
        "at");
  }
  const int process = open_process(peer_pid);
  // Any descriptor does: what counts is whether we may ask at all.
  const int taken = process < 0 ? -1 : take_descriptor(process, 0);
  const int error = errno;
  if (taken >= 0) ::close(taken);
  if (process >= 0) ::close(process);
  if (process >= 0 && (taken >= 0 || error == EBADF)) return BorrowedSocket(peer_pid);
  // The process that listened may have ended and left the socket to another one.
  if (error == ESRCH) return BorrowedSocket(0);
  return std::unexpected("the socket of process " + std::to_string(peer_pid) +
                         " cannot be looked at (pidfd_getfd: " + os::error_text(error) +
                         "): run as its user, let the runner launch it, or allow CAP_SYS_PTRACE");
}

BorrowedSocket::BorrowedSocket(BorrowedSocket&& other) noexcept
    : peer_pid_(other.peer_pid_),
      holder_(std::exchange(other.holder_, -1)),
      holder_pid_(other.holder_pid_),
      descriptor_(other.descriptor_) {}

BorrowedSocket::~BorrowedSocket() {
  if (holder_ >= 0) ::close(holder_);
}

bool BorrowedSocket::wait_until_no_receive(std::uint32_t inode) {
  const int copy = borrow(inode);
  if (copy < 0) return false;
  // A receive call holds the socket's iolock from its first byte to its return, and peeking takes
  // the same lock. What it finds is of no interest.
  std::byte nothing{};
  static_cast<void>(::recv(copy, &nothing, 1, MSG_PEEK | MSG_DONTWAIT));
  ::close(copy);
  return true;
}

std::optional<int> BorrowedSocket::low_water_mark(std::uint32_t inode) {
  const int copy = borrow(inode);
  if (copy < 0) return std::nullopt;
  int mark = 0;
  socklen_t size = sizeof mark;
  const int asked = ::getsockopt(copy, SOL_SOCKET, SO_RCVLOWAT, &mark, &size);
  ::close(copy);
  if (asked != 0) return std::nullopt;
  return mark;
}

bool BorrowedSocket::is_holder_asleep() const {
  return holder_ >= 0 &&
         std::ranges::none_of(os::stats_of_threads(holder_pid_), &os::ProcessStat::is_running);
}

int BorrowedSocket::borrow(std::uint32_t inode) {
  const int copy = duplicate(inode);
  return copy < 0 && find(inode) ? duplicate(inode) : copy;
}

int BorrowedSocket::duplicate(std::uint32_t inode) const {
  if (holder_ < 0) return -1;
  const int copy = take_descriptor(holder_, descriptor_);
  if (copy < 0) return -1;
  struct stat status{};
  if (::fstat(copy, &status) == 0 && S_ISSOCK(status.st_mode) && status.st_ino == inode) {
    return copy;
  }
  ::close(copy);
  return -1;
}

bool BorrowedSocket::find(std::uint32_t inode) {
  if (holder_ >= 0) ::close(std::exchange(holder_, -1));
  if (peer_pid_ > 0 && find_in(peer_pid_, inode)) return true;
  for (const pid_t pid : os::all_processes()) {
    if (pid != ::getpid() && find_in(pid, inode)) return true;
  }
  // A testee that lives in this very process (a test) is found last.
  return find_in(::getpid(), inode);
}

bool BorrowedSocket::find_in(pid_t pid, std::uint32_t inode) {
  const auto descriptor = os::descriptor_of_socket(pid, inode);
  if (!descriptor) return false;
  holder_ = open_process(pid);
  holder_pid_ = pid;
  descriptor_ = *descriptor;
  return holder_ >= 0;
}

}  // namespace framespec::delivery
