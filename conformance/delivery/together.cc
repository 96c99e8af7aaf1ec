// Deliveries in which several things must be in the peer's queue before it takes any of them.
#include <algorithm>
#include <array>
#include <string>

#include "delivery/connection.h"
#include "delivery/deliver.h"
#include "delivery/delivery_report.h"
#include "delivery/own_packets.h"
#include "delivery/stopped_process.h"

namespace framespec::delivery {
namespace {

/// A testee never stands still for longer than this.
constexpr std::chrono::seconds kStopMax{5};

/// An AF_UNIX send up to this size is one buffer in the peer's queue, put there in one step
/// (unix_stream_sendmsg() of Linux: at least 32 KiB of fragments, if the send buffer is twice
/// that).
constexpr std::size_t kUnixAtOnceMax = 32768;

constexpr const char* kNotSent = "not everything could be sent";
constexpr const char* kNoRoom = "our send buffer has no room for all of it at once";
constexpr const char* kNoFigures = "this kernel does not count our packets";

/// Well below the time after which corked bytes leave alone.
constexpr std::chrono::milliseconds kCorkSafe{100};

/// What happened to the joining: nothing said means that all is in the queue together, by proof.
using WhyNot = std::string;

/// How many bytes get into the peer's queue in one step.
std::size_t at_once_max(const Connection& connection, bool with_end) {
  // AF_UNIX keeps end of stream apart from the bytes.
  if (connection.is_unix()) return with_end ? 0 : kUnixAtOnceMax;
  const auto packets = read_own_packets(connection.fd());
  if (!packets) return 0;
  // A full packet does not wait for the end.
  const std::size_t packet = packets->payload_max - (with_end ? 1 : 0);
  return std::min<std::size_t>(packet, packets->window);
}

/// Puts all in one packet (TCP) or one buffer (AF_UNIX): the peer's queue gets it in one step.
WhyNot send_at_once(Connection& connection, DeliveryReport& report, Bytes bytes) {
  const auto before = read_own_packets(connection.fd());
  if (!report.send_at_once(bytes)) return kNotSent;
  if (report.is_short()) return kNoRoom;
  if (connection.is_unix()) return {};
  const auto after = read_own_packets(connection.fd());
  if (!before || !after) return kNoFigures;
  const std::uint32_t packets = after->with_data - before->with_data;
  if (packets == 1) return {};
  if (packets == 0) return "the testee's receive window has no room for all of it at once";
  return "it left in " + std::to_string(packets) +
         " packets instead of one, and the testee may have taken them one by one";
}

/// The same with end of stream on the packet. The bytes wait behind TCP_CORK, and the kernel puts
/// FIN on the last packet that has not left yet (tcp_send_fin()).
WhyNot send_with_end(Connection& connection, DeliveryReport& report, Bytes bytes) {
  const auto before = read_own_packets(connection.fd());
  const auto begin = std::chrono::steady_clock::now();
  connection.set_cork(true);
  const bool sent = report.send_at_once(bytes);
  const auto held = read_own_packets(connection.fd());
  const bool ended = sent && !report.is_short() && report.shut_down();
  const auto elapsed = std::chrono::steady_clock::now() - begin;
  connection.set_cork(false);
  if (!sent) return kNotSent;
  if (report.is_short()) return kNoRoom;
  if (!ended) return kNotSent;
  const auto after = read_own_packets(connection.fd());
  if (!before || !held || !after) return kNoFigures;
  // The kernel lets go of corked bytes after 200 ms by itself; until then only the end does.
  const bool was_held = held->with_data == before->with_data && elapsed < kCorkSafe;
  if (was_held && after->with_data - before->with_data == 1) return {};
  return "the bytes left before the end of the stream, and the testee may have taken them alone";
}

/// Stops the testee, fills its queue, sees that nothing of it was taken, and lets it go on.
WhyNot send_while_stopped(Connection& connection, DeliveryReport& report, Bytes bytes,
                          bool with_end, Deadline deadline) {
  Deadline until = std::chrono::steady_clock::now() + kStopMax;
  if (!connection.options().prolong) until = std::min(until, deadline);
  const auto stopped = StoppedProcess::stop(connection.options().testee_pid, until);
  WhyNot why_not;
  if (!stopped) why_not = stopped.error();
  if (!report.send_at_once(bytes)) return kNotSent;
  if (report.is_short()) return kNoRoom;
  if (with_end && !report.shut_down()) return kNotSent;
  if (!stopped) return why_not;
  connection.wait_until_received(until);
  if (connection.is_unix()) {
    // The queue of an AF_UNIX connection cannot be seen before accept(), nor can anybody take from
    // it.
    const auto figures = connection.probe().look();
    if (figures && !figures->is_accepted) return {};
  }
  const std::uint64_t expected = bytes.size() + (with_end && !connection.is_unix() ? 1 : 0);
  // Two answers, because one is no snapshot: see docs/proven-delivery.md.
  for (int look = 0; look < 2; ++look) {
    const auto queued = connection.probe().bytes_unread();
    if (!queued) return "nobody can see the testee's queue";
    if (*queued != expected) {
      const auto packets = read_own_packets(connection.fd());
      if (packets && packets->is_peer_full()) report.set_room(*queued);
      return "only " + std::to_string(*queued) + " of " + std::to_string(expected) +
             " bytes were in the testee's queue together";
    }
  }
  return {};
}

Delivery deliver_together(Connection& connection, Bytes bytes, bool with_end, Deadline deadline) {
  const std::array<Bytes, 1> one{bytes};
  DeliveryReport report(connection, one);
  if (!report.may_begin()) return report.take();
  if (with_end) report.expect_end();
  if (!connection.can_prove()) {
    report.set_paced();
    if (report.send(bytes, deadline) && with_end) report.shut_down();
    return report.take();
  }
  if (!report.settle_earlier(deadline)) return report.take();

  // One packet needs no stopping, and stopping can surprise a testee (its epoll_wait fails with
  // EINTR): so it is for what does not fit into one.
  WhyNot why_not;
  if (bytes.size() > Deliverer::kCoalescedSizeMax) {
    why_not = "more than " + std::to_string(Deliverer::kCoalescedSizeMax) +
              " bytes: a testee's queue need not hold them";
  } else if (bytes.size() <= at_once_max(connection, with_end)) {
    why_not = with_end ? send_with_end(connection, report, bytes)
                       : send_at_once(connection, report, bytes);
  } else if (connection.options().testee_pid > 0) {
    why_not = send_while_stopped(connection, report, bytes, with_end, deadline);
  } else {
    why_not =
        "it is more than one packet, and the testee is not ours to stop (only a launched one is)";
  }
  if (report.is_over()) return report.take();
  if (!report.complete(bytes, deadline)) return report.take();
  if (with_end && !connection.is_end_sent() && !report.shut_down()) return report.take();
  if (!why_not.empty()) report.set_unproven("not proven to be together: " + why_not);
  if (report.prove(deadline) && connection.is_unix()) report.end_is_proven();
  return report.take();
}

}  // namespace

bool Deliverer::can_coalesce(std::size_t size, bool with_end) const {
  if (!can_prove() || size > kCoalescedSizeMax) return false;
  return connection_->options().testee_pid > 0 || size <= at_once_max(*connection_, with_end);
}

Delivery Deliverer::coalesced(Bytes stream, Deadline deadline) {
  return deliver_together(*connection_, stream, false, deadline);
}

Delivery Deliverer::end_with(Bytes last, Deadline deadline) {
  return deliver_together(*connection_, last, true, deadline);
}

}  // namespace framespec::delivery
