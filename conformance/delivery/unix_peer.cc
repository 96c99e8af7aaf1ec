// The peer of an AF_UNIX stream connection.
#include <linux/sock_diag.h>
#include <linux/sockios.h>
#include <linux/unix_diag.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "delivery/borrowed_socket.h"
#include "delivery/peer_source.h"
#include "os/diag_socket.h"
#include "os/error_text.h"

namespace framespec::delivery {
namespace {

template <typename Value>
std::optional<Value> attribute(std::span<const std::byte> message, std::uint16_t type) {
  const auto found = os::find_attribute(message.subspan(sizeof(unix_diag_msg)), type);
  Value value{};
  if (found.size() < sizeof value) return std::nullopt;
  std::memcpy(&value, found.data(), sizeof value);
  return value;
}

class UnixPeer final : public PeerSource {
 public:
  UnixPeer(int fd, std::uint32_t own_inode, os::DiagSocket diag, BorrowedSocket borrowed)
      : fd_(fd), own_inode_(own_inode), diag_(std::move(diag)), borrowed_(std::move(borrowed)) {}

  /// SIOCOUTQ is the memory of everything sent that the peer's receive calls have not freed: 0
  /// exactly when all is consumed. But it gets 0 while the last receive call is still at work, and
  /// would take what comes next too: so that call has to be over as well.
  std::expected<PeerFigures, ProbeError> look() override {
    int unfreed = 0;
    if (::ioctl(fd_, SIOCOUTQ, &unfreed) != 0) {
      return std::unexpected(ProbeError{ProbeFailure::kDiagUnavailable,
                                        std::string("SIOCOUTQ failed: ") + os::error_text(errno)});
    }
    PeerFigures figures;
    figures.bytes_queued = static_cast<std::uint32_t>(unfreed);
    if (peer_inode_ == 0) find_peer();
    figures.inode = peer_inode_;
    figures.is_accepted = peer_inode_ != 0;
    if (unfreed > 0) return figures;
    if (peer_inode_ != 0 && borrowed_.wait_until_no_receive(peer_inode_)) return figures;
    return nobody_holds_it();
  }

  /// SIOCOUTQ counts memory, not bytes; the bytes are in the peer's unix_diag entry.
  std::optional<std::uint64_t> bytes_unread() override {
    if (peer_inode_ == 0) find_peer();
    if (peer_inode_ == 0) return std::nullopt;
    const auto peer = ask(peer_inode_);
    if (peer.empty()) return std::nullopt;
    const auto queue = attribute<unix_diag_rqlen>(peer, UNIX_DIAG_RQLEN);
    if (!queue) return std::nullopt;
    return queue->udiag_rqueue;
  }

  [[nodiscard]] bool is_unix() const noexcept override { return true; }

  /// Whether unix_diag knows our own end: where it does not, it will not know the peer's.
  [[nodiscard]] bool is_known() { return !ask(own_inode_).empty(); }

 private:
  /// The peer gets its inode when its process accepts it.
  void find_peer() {
    const auto own = ask(own_inode_);
    if (own.empty()) return;
    peer_inode_ = attribute<std::uint32_t>(own, UNIX_DIAG_PEER).value_or(0);
  }

  std::expected<PeerFigures, ProbeError> nobody_holds_it() {
    if (peer_inode_ == 0 || ask(peer_inode_).empty()) {
      return std::unexpected(ProbeError{ProbeFailure::kPeerGone, "the peer's socket is gone"});
    }
    return std::unexpected(ProbeError{ProbeFailure::kPeerNotVisible,
                                      "the process that holds the testee's AF_UNIX socket cannot "
                                      "be looked into: run as its user, or "
                                      "let the runner launch it"});
  }

  std::span<const std::byte> ask(std::uint32_t inode) {
    unix_diag_req request{};
    request.sdiag_family = AF_UNIX;
    request.udiag_states = ~0U;
    request.udiag_ino = inode;
    request.udiag_show = UDIAG_SHOW_PEER | UDIAG_SHOW_RQLEN;
    request.udiag_cookie[0] = request.udiag_cookie[1] = ~0U;
    const auto body = diag_.ask(std::as_bytes(std::span(&request, 1)));
    if (!body || body->size() < sizeof(unix_diag_msg)) return {};
    return *body;
  }

  int fd_;
  std::uint32_t own_inode_;
  std::uint32_t peer_inode_ = 0;
  os::DiagSocket diag_;
  BorrowedSocket borrowed_;
};

}  // namespace

std::expected<std::unique_ptr<PeerSource>, ProbeError> open_unix_peer(int fd) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  struct stat own{};
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0 || ::fstat(fd, &own) != 0) {
    return std::unexpected(ProbeError{ProbeFailure::kNotAConnection,
                                      std::string("not connected: ") + os::error_text(errno)});
  }
  auto diag = os::DiagSocket::open();
  if (!diag) return std::unexpected(no_diagnosis(diag.error()));
  ucred credentials{};
  size = sizeof credentials;
  ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size);
  auto borrowed = BorrowedSocket::open(credentials.pid);
  if (!borrowed) {
    return std::unexpected(ProbeError{ProbeFailure::kPeerNotVisible, borrowed.error()});
  }
  auto source = std::make_unique<UnixPeer>(fd, static_cast<std::uint32_t>(own.st_ino),
                                           std::move(*diag), std::move(*borrowed));
  if (!source->is_known()) {
    return std::unexpected(ProbeError{ProbeFailure::kDiagUnavailable,
                                      "this kernel's socket diagnosis does not know AF_UNIX "
                                      "sockets: is the module unix_diag there?"});
  }
  return source;
}

}  // namespace framespec::delivery
