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

#include "delivery/diag_socket.h"
#include "delivery/peer_source.h"

namespace framespec::delivery {
namespace {

template <typename Value>
std::optional<Value> attribute(std::span<const std::byte> message, std::uint16_t type) {
  const auto found = find_attribute(message.subspan(sizeof(unix_diag_msg)), type);
  Value value{};
  if (found.size() < sizeof value) return std::nullopt;
  std::memcpy(&value, found.data(), sizeof value);
  return value;
}

class UnixPeer final : public PeerSource {
 public:
  UnixPeer(int fd, std::uint32_t own_inode) : fd_(fd), own_inode_(own_inode) {
    if (auto diag = DiagSocket::open()) diag_.emplace(std::move(*diag));
  }

  /// SIOCOUTQ: the memory of everything we sent that the peer has not freed by taking it. It is 0
  /// exactly when all is taken, needs no namespace in common, and costs a tenth of a diag answer.
  std::expected<PeerFigures, ProbeError> look() override {
    int unfreed = 0;
    if (::ioctl(fd_, SIOCOUTQ, &unfreed) != 0) {
      return std::unexpected(ProbeError{ProbeFailure::kDiagUnavailable,
                                        std::string("SIOCOUTQ failed: ") + std::strerror(errno)});
    }
    PeerFigures figures;
    figures.is_accepted = true;
    figures.bytes_queued = static_cast<std::uint32_t>(unfreed);
    return figures;
  }

  /// SIOCOUTQ counts memory, not bytes; the bytes are in the peer's unix_diag entry.
  std::optional<std::uint64_t> bytes_unread() override {
    const auto own = ask(own_inode_);
    if (own.empty()) return std::nullopt;
    const auto peer_inode = attribute<std::uint32_t>(own, UNIX_DIAG_PEER);
    if (!peer_inode || *peer_inode == 0) return std::nullopt;
    const auto peer = ask(*peer_inode);
    if (peer.empty()) return std::nullopt;
    const auto queue = attribute<unix_diag_rqlen>(peer, UNIX_DIAG_RQLEN);
    if (!queue) return std::nullopt;
    return queue->udiag_rqueue;
  }

  [[nodiscard]] bool is_unix() const noexcept override { return true; }

 private:
  std::span<const std::byte> ask(std::uint32_t inode) {
    if (!diag_) return {};
    unix_diag_req request{};
    request.sdiag_family = AF_UNIX;
    request.udiag_states = ~0U;
    request.udiag_ino = inode;
    request.udiag_show = UDIAG_SHOW_PEER | UDIAG_SHOW_RQLEN;
    request.udiag_cookie[0] = request.udiag_cookie[1] = ~0U;
    const auto body = diag_->ask(std::as_bytes(std::span(&request, 1)));
    if (!body || body->size() < sizeof(unix_diag_msg)) return {};
    return *body;
  }

  int fd_;
  std::uint32_t own_inode_;
  std::optional<DiagSocket> diag_;
};

}  // namespace

std::expected<std::unique_ptr<PeerSource>, ProbeError> open_unix_peer(int fd) {
  sockaddr_storage peer{};
  socklen_t size = sizeof peer;
  struct stat own{};
  if (::getpeername(fd, reinterpret_cast<sockaddr*>(&peer), &size) != 0 || ::fstat(fd, &own) != 0) {
    return std::unexpected(ProbeError{ProbeFailure::kNotAConnection,
                                      std::string("not connected: ") + std::strerror(errno)});
  }
  return std::make_unique<UnixPeer>(fd, static_cast<std::uint32_t>(own.st_ino));
}

}  // namespace framespec::delivery
