// What the peer's application has taken from a connection of ours, as the kernel tells it.
//
// A connected stream socket knows what its own kernel acknowledged, never what the other
// application has read. But when the peer's socket lives in our network namespace, the kernel shows
// it to anybody who asks for it by name: NETLINK_SOCK_DIAG, without privilege. In another one of
// this host it can be asked for as well, by who may enter that.
// docs/proven-delivery.md tells why the answers may be trusted and when not.
//
// No thread, no signal, no change to the socket. A PeerProbe is used by one thread at a time.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>

namespace framespec::delivery {

/// Why there is no answer about the peer's socket.
enum class ProbeFailure : std::uint8_t {
  kNotAConnection,   ///< the descriptor is not a connected TCP or AF_UNIX stream socket
  kDiagUnavailable,  ///< this kernel (or sandbox) has no socket diagnosis, or one that is too old
  kPeerOnOtherHost,  ///< the peer's address is not ours: its socket is in another kernel
  kPeerNotVisible,   ///< the address is ours, the socket is not: another network namespace
  kPeerGone,         ///< it was here and is not any more: closed, reset or ended
};

struct ProbeError {
  ProbeFailure failure;
  std::string reason;  ///< one sentence for the user: what, where, what to do
};

/// The state of the peer's socket at one moment.
enum class PeerState : std::uint8_t {
  kConnecting,  ///< handshake not finished on the peer's side: nothing can have been taken yet
  kOpen,        ///< established or half-closed, and held by a process or waiting for accept()
  kClosing,     ///< closed by its application; the kernel still holds the rest
};

/// One answer of the kernel.
///
/// TCP: `bytes_queued` is read before the other figures and without the lock of the peer's socket,
/// the others under it. The answer cannot come while a receive call of the peer is copying, but one
/// answer is not a snapshot: use TakenProof. A FIN counts as one byte in `bytes_received` and,
/// until the peer reads the end of the stream, in `bytes_queued`. AF_UNIX: `bytes_received` is 0
/// (the kernel does not count; a send puts the bytes straight into the peer's queue).
struct PeerFigures {
  PeerState state = PeerState::kOpen;
  bool is_accepted = false;          ///< a process holds the socket: false before accept()
  std::uint64_t bytes_received = 0;  ///< in order, since the connection began
  std::uint32_t bytes_queued = 0;    ///< received and not yet taken by the application
  std::uint32_t inode = 0;  ///< of the peer's socket, as in /proc/PID/fd; 0 before accept()
};

class PeerSource;
class OtherNamespaces;

/// Looks at the peer of one connection.
class PeerProbe {
 public:
  /// `fd`: a connected stream socket (TCP over IPv4 or IPv6, also IPv4-mapped; AF_UNIX). Borrowed:
  /// it must stay open and connected as long as the probe is used. `namespaces` (may be null):
  /// where the peer of a TCP connection is looked for too if it is not in ours; used in this call
  /// only. Fails when no proof can be had, with the reason.
  [[nodiscard]] static std::expected<PeerProbe, ProbeError> open(
      int fd, OtherNamespaces* namespaces = nullptr);

  PeerProbe(PeerProbe&&) noexcept;
  PeerProbe& operator=(PeerProbe&&) noexcept;
  PeerProbe(const PeerProbe&) = delete;
  PeerProbe& operator=(const PeerProbe&) = delete;
  ~PeerProbe();

  /// Asks the kernel once: 2 to 5 microseconds. The only failure after a successful open() is in
  /// practice kPeerGone. Never matches a listener, a TIME_WAIT entry or a later connection with the
  /// same addresses.
  [[nodiscard]] std::expected<PeerFigures, ProbeError> look();

  /// How many bytes wait in the peer's queue, for reports; nothing when nobody can tell.
  [[nodiscard]] std::optional<std::uint64_t> bytes_unread();

  [[nodiscard]] bool is_unix() const noexcept;

 private:
  explicit PeerProbe(std::unique_ptr<PeerSource> source) noexcept;
  std::unique_ptr<PeerSource> source_;
};

/// The proof that the peer's application has taken everything up to `bytes_sent`, in two steps:
/// first an answer with bytes_received >= bytes_sent, then a LATER one with bytes_queued == 0.
///
/// Why two: the kernel reads bytes_queued first. An answer that shows an empty queue and all bytes
/// received can be made of an empty queue before the bytes came, and the count after. See
/// docs/proven-delivery.md.
class TakenProof {
 public:
  /// `bytes_sent`: all bytes ever sent on the connection, plus one when end of stream was sent.
  explicit TakenProof(std::uint64_t bytes_sent, bool received_already = false) noexcept
      : bytes_sent_(bytes_sent), received_(received_already) {}

  /// Takes the next answer; true once proven. Answers must come in the order in which they were
  /// asked for.
  bool add(const PeerFigures& figures) noexcept {
    if (figures.state == PeerState::kConnecting) return false;
    if (received_) return figures.bytes_queued == 0;
    received_ = figures.bytes_received >= bytes_sent_;
    return false;
  }
  [[nodiscard]] bool received() const noexcept { return received_; }

 private:
  std::uint64_t bytes_sent_;
  bool received_;
};

}  // namespace framespec::delivery
