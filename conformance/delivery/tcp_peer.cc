// The peer of a TCP connection, found in the kernel's table by the 4-tuple seen from its side.
#include <ifaddrs.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <utility>

#include "delivery/endpoint_name.h"
#include "delivery/peer_source.h"
#include "os/diag_socket.h"
#include "os/error_text.h"
#include "os/side_by_side.h"

namespace framespec::delivery {
namespace {

/// States of the kernel's TCP sockets (include/net/tcp_states.h), which no public header names.
enum KernelState : std::uint8_t {
  kSynReceived = 3,
  kFinWait1 = 4,
  kFinWait2 = 5,
  kTimeWait = 6,
  kLastAck = 9,
  kListen = 10,
  kClosingState = 11,
  kNewSynReceived = 12,
};

/// Both ends of a connection, in one family: IPv4-mapped IPv6 is turned into the IPv4 it stands
/// for, because that is how the kernel's table finds either kind of socket.
struct Tuple {
  sockaddr_storage ours{};
  sockaddr_storage peer{};
};

void unmap(sockaddr_storage& address) {
  if (address.ss_family != AF_INET6) return;
  sockaddr_in6 six{};
  std::memcpy(&six, &address, sizeof six);
  if (!IN6_IS_ADDR_V4MAPPED(&six.sin6_addr)) return;
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_port = six.sin6_port;
  std::memcpy(&four.sin_addr, six.sin6_addr.s6_addr + 12, 4);
  address = {};
  std::memcpy(&address, &four, sizeof four);
}

void fill(const sockaddr_storage& address, __be32* words, __be16& port, std::uint32_t& interface) {
  if (address.ss_family == AF_INET) {
    sockaddr_in four{};
    std::memcpy(&four, &address, sizeof four);
    std::memcpy(words, &four.sin_addr, 4);
    port = four.sin_port;
    return;
  }
  sockaddr_in6 six{};
  std::memcpy(&six, &address, sizeof six);
  std::memcpy(words, &six.sin6_addr, 16);
  port = six.sin6_port;
  // Sockets of a link-local connection are bound to its interface, and found only with it.
  if (six.sin6_scope_id != 0) interface = six.sin6_scope_id;
}

inet_diag_req_v2 request_for(const sockaddr_storage& local, const sockaddr_storage& remote) {
  inet_diag_req_v2 request{};
  request.sdiag_family = static_cast<std::uint8_t>(local.ss_family);
  request.sdiag_protocol = IPPROTO_TCP;
  // INET_DIAG_INFO makes the kernel take the socket's lock for the answer: see
  // docs/proven-delivery.md.
  request.idiag_ext = 1U << (INET_DIAG_INFO - 1);
  request.idiag_states = ~0U;
  fill(local, request.id.idiag_src, request.id.idiag_sport, request.id.idiag_if);
  fill(remote, request.id.idiag_dst, request.id.idiag_dport, request.id.idiag_if);
  request.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
  request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return request;
}

/// What one answer says, before it is judged.
struct Answer {
  inet_diag_msg socket{};
  bool has_info = false;
  tcp_info info{};
};

std::expected<Answer, int> ask(os::DiagSocket& diag, const inet_diag_req_v2& request) {
  const auto body = diag.ask(std::as_bytes(std::span(&request, 1)));
  if (!body) return std::unexpected(body.error());
  Answer answer;
  if (body->size() < sizeof answer.socket) return std::unexpected(EPROTO);
  std::memcpy(&answer.socket, body->data(), sizeof answer.socket);
  // Where nobody is connected, the kernel answers with the listener on that port.
  if (answer.socket.idiag_state == kListen ||
      answer.socket.id.idiag_dport != request.id.idiag_dport ||
      answer.socket.id.idiag_sport != request.id.idiag_sport) {
    return std::unexpected(ENOENT);
  }
  const auto info = os::find_attribute(body->subspan(sizeof answer.socket), INET_DIAG_INFO);
  // Older kernels have a shorter struct, newer ones a longer.
  if (info.size() >= offsetof(tcp_info, tcpi_bytes_received) + sizeof info.size()) {
    answer.has_info = true;
    std::memcpy(&answer.info, info.data(), std::min(info.size(), sizeof answer.info));
  }
  return answer;
}

PeerState state_of(const inet_diag_msg& socket) {
  switch (socket.idiag_state) {
    case kSynReceived:
    case kNewSynReceived:
      return PeerState::kConnecting;
    case kFinWait1:
    case kFinWait2:
    case kLastAck:
    case kClosingState:
      // With a process at it, it is only half-closed.
      return socket.idiag_inode == 0 ? PeerState::kClosing : PeerState::kOpen;
    case kTimeWait:
      return PeerState::kClosing;
    default:
      return PeerState::kOpen;
  }
}

bool is_address_of_this_host(const sockaddr_storage& address) {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return false;
  bool found = false;
  for (const ifaddrs* entry = list; entry != nullptr && !found; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != address.ss_family) continue;
    if (address.ss_family == AF_INET) {
      sockaddr_in one{}, other{};
      std::memcpy(&one, entry->ifa_addr, sizeof one);
      std::memcpy(&other, &address, sizeof other);
      // All of 127/8 is ours, whatever the interface lists.
      found = one.sin_addr.s_addr == other.sin_addr.s_addr ||
              (ntohl(other.sin_addr.s_addr) >> 24) == 127;
    } else {
      sockaddr_in6 one{}, other{};
      std::memcpy(&one, entry->ifa_addr, sizeof one);
      std::memcpy(&other, &address, sizeof other);
      found = std::memcmp(&one.sin6_addr, &other.sin6_addr, sizeof one.sin6_addr) == 0;
    }
  }
  ::freeifaddrs(list);
  return found;
}

class TcpPeer final : public PeerSource {
 public:
  TcpPeer(os::DiagSocket diag, const Tuple& tuple)
      : diag_(std::move(diag)), request_(request_for(tuple.peer, tuple.ours)) {}

  std::expected<PeerFigures, ProbeError> look() override {
    const auto answer = ask(diag_, request_);
    if (!answer) return without_answer(answer.error());
    PeerFigures figures;
    figures.state = state_of(answer->socket);
    if (figures.state == PeerState::kConnecting) return figures;
    if (!answer->has_info) {
      // Only the stub of a closed connection has none.
      figures.state = PeerState::kClosing;
      return figures;
    }
    if (request_.id.idiag_cookie[0] == INET_DIAG_NOCOOKIE) {
      // From now on this very socket, or nothing.
      request_.id.idiag_cookie[0] = answer->socket.id.idiag_cookie[0];
      request_.id.idiag_cookie[1] = answer->socket.id.idiag_cookie[1];
    }
    figures.is_accepted = answer->socket.idiag_inode != 0;
    figures.inode = answer->socket.idiag_inode;
    figures.bytes_received = answer->info.tcpi_bytes_received;
    figures.bytes_queued = answer->socket.idiag_rqueue;
    return figures;
  }

  std::optional<std::uint64_t> bytes_unread() override {
    const auto figures = look();
    if (!figures || figures->state == PeerState::kClosing) return std::nullopt;
    return figures->bytes_queued;
  }

  [[nodiscard]] bool is_unix() const noexcept override { return false; }

  /// Sockets bound to a device are found only with its index.
  void use_interface(std::uint32_t index) noexcept { request_.id.idiag_if = index; }

 private:
  static std::expected<PeerFigures, ProbeError> without_answer(int error) {
    if (error == ESTALE) {
      // The addresses are now those of the stub that stays behind after an orderly close.
      PeerFigures figures;
      figures.state = PeerState::kClosing;
      return figures;
    }
    if (error == ENOENT) {
      return std::unexpected(ProbeError{ProbeFailure::kPeerGone, "the peer's socket is gone"});
    }
    return std::unexpected(
        ProbeError{ProbeFailure::kDiagUnavailable,
                   std::string("the kernel's socket diagnosis failed: ") + os::error_text(error)});
  }

  os::DiagSocket diag_;
  inet_diag_req_v2 request_;
};

ProbeError invisible(const Tuple& tuple, const std::string& elsewhere) {
  const std::string peer = endpoint_name(tuple.peer);
  const std::string more = elsewhere.empty() ? elsewhere : "; " + elsewhere;
  if (is_address_of_this_host(tuple.peer)) {
    return {
        ProbeFailure::kPeerNotVisible,
        "the socket of " + peer +
            " is not in our network namespace (a container, or the connection was redirected): run "
            "the testee and this program in the same one to have proof" +
            more};
  }
  return {ProbeFailure::kPeerOnOtherHost,
          peer +
              " is on another host, whose kernel we cannot ask: run this program on the testee's "
              "host to have proof" +
              more};
}

/// Our own end must be in the table, or the table says nothing about the peer either.
std::expected<void, ProbeError> check_diagnosis(os::DiagSocket& diag, const Tuple& tuple) {
  const auto own = ask(diag, request_for(tuple.ours, tuple.peer));
  if (own && own->has_info) return {};
  return std::unexpected(ProbeError{
      ProbeFailure::kDiagUnavailable,
      own ? "this kernel's socket diagnosis does not count received bytes (Linux 4.1 or newer does)"
          : std::string("this kernel's socket diagnosis does not know our own connection (") +
                os::error_text(own.error()) + "): is the module tcp_diag there?"});
}

}  // namespace

std::expected<std::unique_ptr<PeerSource>, ProbeError> open_tcp_peer(int fd,
                                                                     OtherNamespaces* namespaces) {
  Tuple tuple;
  socklen_t size = sizeof tuple.ours;
  const int own = ::getsockname(fd, reinterpret_cast<sockaddr*>(&tuple.ours), &size);
  size = sizeof tuple.peer;
  if (own != 0 || ::getpeername(fd, reinterpret_cast<sockaddr*>(&tuple.peer), &size) != 0) {
    return std::unexpected(ProbeError{ProbeFailure::kNotAConnection,
                                      std::string("not connected: ") + os::error_text(errno)});
  }
  unmap(tuple.ours);
  unmap(tuple.peer);

  auto diag = os::DiagSocket::open();
  if (!diag) return std::unexpected(no_diagnosis(diag.error()));
  if (const auto checked = check_diagnosis(*diag, tuple); !checked) {
    return std::unexpected(checked.error());
  }
  auto peer = std::make_unique<TcpPeer>(std::move(*diag), tuple);
  // With SYN cookies the peer's socket comes into being with our last handshake packet, which may
  // still be on its way through the kernel.
  for (int attempt = 0; attempt < 20; ++attempt) {
    peer->use_interface(0);
    if (peer->look()) return peer;
    peer->use_interface(::if_nametoindex("lo"));
    if (peer->look()) return peer;
    // Asked for where the peer was not found at once: the kernel lists all its addresses for it.
    if (attempt == 0 && !is_address_of_this_host(tuple.peer)) break;
    os::wait_for({}, std::chrono::milliseconds(1));
  }
  if (namespaces == nullptr) return std::unexpected(invisible(tuple, {}));
  auto elsewhere =
      namespaces->find([request = request_for(tuple.peer, tuple.ours)](os::DiagSocket& there) {
        return ask(there, request).has_value();
      });
  if (!elsewhere) return std::unexpected(invisible(tuple, elsewhere.error()));
  return std::make_unique<TcpPeer>(std::move(*elsewhere), tuple);
}

}  // namespace framespec::delivery
