// Delivers a segmentation exactly, and proves it.
//
//   Deliverer deliverer(fd, {.received = [&](Bytes bytes) { transcript.add(bytes); }});
//   Delivery d = deliverer.split(stream, cuts, deadline);  // every cut met the application
//   d = deliverer.end_alone(deadline);                     // FIN, after all the data is taken
//   PeerEnd end = deliverer.receive(deadline);             // the rest of the answer
//
// While it waits, a Deliverer reads what the peer answers and hands it to `received`, so a peer
// that blocks on writing its answer never blocks the delivery. docs/proven-delivery.md explains the
// proof and its limits.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "delivery/delivery_result.h"
#include "delivery/peer_probe.h"
#include "framespec/bytes.h"

namespace framespec::delivery {

using Deadline = std::chrono::steady_clock::time_point;

/// What became of the peer since it was asked for last.
enum class PeerProgress : std::uint8_t {
  kMoved,       ///< it has taken or sent something
  kLeftUnread,  ///< nothing, and everything sent is in its queue: it could take it
  kNone,        ///< nothing, and perhaps it cannot
};

inline constexpr std::chrono::microseconds kPaceDefault{2000};

struct DelivererOptions {
  /// Gets every byte the peer sends, in order, from inside the calls below. The view is valid
  /// during the call only. Must not call back into the Deliverer. Without it the bytes are read and
  /// dropped.
  std::function<void(Bytes)> received;

  /// Where the peer shows what it has received, other than on the connection: a non-blocking
  /// descriptor to read from (its standard output), borrowed. Then `received` gets what comes
  /// there, and what the peer sends on the connection is read and dropped. -1: on the connection.
  int answers_fd = -1;

  /// A launched testee: its process id. When it leads a process group, the whole group is meant.
  /// coalesced() and end_with() stop it (SIGSTOP) while the bytes are put into its queue, and
  /// always let it go on; and its SO_RCVLOWAT is looked at where it leaves bytes there
  /// (Delivery::segments_held_back). 0: not ours to stop, or to look into.
  pid_t testee_pid = 0;

  /// Where a TCP peer is looked for that is not in our network namespace; null: nowhere. Used while
  /// the Deliverer is made, and not afterwards.
  OtherNamespaces* namespaces = nullptr;

  /// False: deliver paced although proof may be had, as a tool without it would.
  bool prove = true;

  /// Asked when a deadline has passed: the next one, for a peer that is worth waiting for, or
  /// nothing, which ends the call. Must not call back into the Deliverer. Without it the first
  /// deadline is the last.
  std::function<std::optional<Deadline>(PeerProgress)> prolong;

  /// The testee is known to leave bytes in its queue for as long as it is waited for: if its
  /// SO_RCVLOWAT says why, it is believed at once.
  bool leaves_unread = false;

  /// What to do about a peer that holds the connection and leaves a segment in its queue until time
  /// is up, as one does that peeks until a frame is whole, or has the kernel wait for more
  /// (SO_RCVLOWAT). True: what is left is sent all the same, in one piece and without proof; see
  /// Delivery::left_unread. False: the delivery ends there, as not taken.
  bool send_past_unread = false;

  /// The pause between segments where no proof can be had.
  std::chrono::microseconds pace = kPaceDefault;

  /// When set and true, a call ends soon with Outcome::kCancelled. May be set from a signal
  /// handler.
  const std::atomic<bool>* cancelled = nullptr;
};

class Connection;
class DeliveryReport;

/// Delivers on one connection. Borrows the descriptor: it must stay open as long as the Deliverer
/// lives, and every byte sent on the connection must go through the Deliverer (it counts them).
/// Switches TCP_NODELAY on and TCP_CORK off; leaves the blocking mode alone. One thread at a time.
/// SIGPIPE is never raised.
///
/// No call takes longer than its deadline, as prolonged, by more than a few milliseconds. After
/// kPeerReset or kFailed, further calls fail.
class Deliverer {
 public:
  explicit Deliverer(int fd, DelivererOptions options = {});
  ~Deliverer();
  Deliverer(Deliverer&&) noexcept;
  Deliverer& operator=(Deliverer&&) noexcept;

  /// Whether deliveries can be proven; if not, `unprovable_reason` says why, and split() is paced.
  [[nodiscard]] bool can_prove() const noexcept;
  [[nodiscard]] const std::string& unprovable_reason() const noexcept;

  /// Sends each segment after the peer has taken the one before, and returns when the last one is
  /// taken. No segment may be empty. A segment may be of any size; the peer's read size may cut it
  /// further, but never joins two.
  [[nodiscard]] Delivery split(std::span<const Bytes> segments, Deadline deadline);

  /// The same for a stream and its cut offsets: ascending, each inside (0, stream.size()).
  [[nodiscard]] Delivery split(Bytes stream, std::span<const std::uint64_t> cuts,
                               Deadline deadline);

  /// Sends all bytes so that they are in the peer's queue together before its application can take
  /// any of them: with a stopped testee, or else in one packet. At most kCoalescedSizeMax bytes are
  /// provable; more is sent, but unproven. Returns when the peer has taken them (a peer that does
  /// not: kNotTaken, with cuts_exact still telling of the joining).
  [[nodiscard]] Delivery coalesced(Bytes stream, Deadline deadline);
  static constexpr std::size_t kCoalescedSizeMax = 65536;

  /// Whether so many bytes, and the end of the stream if it goes with them, can be proven to be
  /// together: they fit into one packet, or the testee is ours to stop.
  [[nodiscard]] bool can_coalesce(std::size_t size, bool with_end = false) const;

  /// Sends all bytes as they come, without waiting for anything but room: the control of a split
  /// case. Returns when all is sent and taken; proof tells only of the taking.
  [[nodiscard]] Delivery whole(Bytes stream, Deadline deadline);

  /// A flood: hands as much to the kernel as it takes, reads nothing of what the peer answers and
  /// proves nothing (kUnproven). Returns when all is sent, or when nothing more could be sent for
  /// `stall` (kNotTaken; bytes_sent tells how far it came).
  [[nodiscard]] Delivery push(Bytes stream, std::chrono::milliseconds stall, Deadline deadline);

  /// End of stream (shutdown of our sending side) in a read of its own: waits until everything sent
  /// before is taken, then sends it, then waits until the peer has read it or closed.
  [[nodiscard]] Delivery end_alone(Deadline deadline);

  /// The last bytes and end of stream together: when the peer takes the bytes, the end is already
  /// there.
  [[nodiscard]] Delivery end_with(Bytes last, Deadline deadline);

  /// End of stream behind all that was handed to the kernel, without waiting for anything:
  /// kUnproven.
  [[nodiscard]] Delivery end_at_once();

  /// Sends RST after everything sent before is taken, and returns when the peer's socket is gone.
  /// The descriptor stays open but is of no further use. AF_UNIX has no reset: kFailed.
  [[nodiscard]] Delivery reset(Deadline deadline);

  /// The same without waiting: what the peer has not taken is lost.
  [[nodiscard]] Delivery reset_at_once(Deadline deadline);

  /// Reads until the peer ends its side (and its answers end too, where they come elsewhere), the
  /// deadline passes, or `enough` (asked after each read) says so.
  PeerEnd receive(Deadline deadline, const std::function<bool()>& enough = {});

  /// Reads once, a bounded amount, and waits for it until the deadline: for a reader that is to be
  /// slower than the peer. Whether something came.
  bool receive_once(Deadline deadline);

  /// Whether our sending side is shut down.
  [[nodiscard]] bool is_end_sent() const noexcept;

  /// Whether answers may still come, by what was seen at the last call: on the connection, or,
  /// where they come elsewhere, there.
  [[nodiscard]] bool may_be_answered() const noexcept;

  /// How the peer's side looked at the last call, and how many bytes of answers have come.
  [[nodiscard]] PeerEnd peer_end() const noexcept;
  [[nodiscard]] std::uint64_t bytes_received() const noexcept;

  /// One look at the peer's socket, for reports ("17 bytes were left unread").
  [[nodiscard]] std::expected<PeerFigures, ProbeError> look_at_peer();

 private:
  void abort(DeliveryReport& report, Deadline deadline);

  std::unique_ptr<Connection> connection_;
};

}  // namespace framespec::delivery
