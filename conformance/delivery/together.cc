// Deliveries in which several things must be in the peer's queue before it takes any of them.
#include <sys/socket.h>

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

/// What happened to the joining: nothing said means that all is in the queue together, by proof.
using WhyNot = std::string;

/// How many bytes fit into one packet of this connection, beside end of stream if there is one.
std::size_t at_once_max(const Connection& connection) {
  if (connection.is_unix()) return kUnixAtOnceMax;
  const auto packets = read_own_packets(connection.fd());
  return packets ? packets->payload_max : 0;
}

/// Puts all in one packet (TCP) or one buffer (AF_UNIX): the peer's queue gets it in one step.
WhyNot send_at_once(Connection& connection, DeliveryReport& report, Bytes bytes, bool with_end) {
  connection.drain();
  if (!connection.is_unix()) acknowledge_now(connection.fd());
  const auto before = read_own_packets(connection.fd());
  if (!report.send_at_once(bytes, with_end ? MSG_MORE : 0)) return kNotSent;
  if (report.is_short()) return "our send buffer has no room for all of it at once";
  if (with_end && !report.shut_down()) return kNotSent;
  if (connection.is_unix()) return {};
  const auto after = read_own_packets(connection.fd());
  if (!before || !after) return "this kernel does not count our packets";
  const std::uint32_t with_data = after->with_data - before->with_data;
  const std::uint32_t all = after->all - before->all;
  if (with_data == 1 && (!with_end || all == 1)) return {};
  return "it left in " + std::to_string(with_end ? all : with_data) +
         " packets instead of one, and the testee may have taken them one by one";
}

/// Stops the testee, fills its queue, sees that nothing of it was taken, and lets it go on.
WhyNot send_while_stopped(Connection& connection, DeliveryReport& report, Bytes bytes,
                          bool with_end, Deadline deadline) {
  const auto until = std::min<Deadline>(deadline, std::chrono::steady_clock::now() + kStopMax);
  const auto stopped = StoppedProcess::stop(connection.options().testee_pid, until);
  WhyNot why_not;
  if (!stopped) why_not = stopped.error();
  if (!report.send_at_once(bytes, 0)) return kNotSent;
  if (report.is_short()) return "our send buffer has no room for all of it at once";
  if (with_end && !report.shut_down()) return kNotSent;
  if (!stopped) return why_not;
  connection.wait_until_received(until);
  const std::uint64_t expected = bytes.size() + (with_end && !connection.is_unix() ? 1 : 0);
  // Two answers, because one is no snapshot: see docs/proven-delivery.md.
  for (int look = 0; look < 2; ++look) {
    const auto queued = connection.probe().bytes_unread();
    if (!queued) return "nobody can see the testee's queue";
    if (*queued != expected) {
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
  // EINTR): so it is for what does not fit into one. AF_UNIX keeps end of stream apart from the
  // bytes.
  WhyNot why_not;
  if (bytes.size() > Deliverer::kCoalescedSizeMax) {
    why_not = "more than " + std::to_string(Deliverer::kCoalescedSizeMax) +
              " bytes: a testee's queue need not hold them";
  } else if (bytes.size() <= at_once_max(connection) && !(with_end && connection.is_unix())) {
    why_not = send_at_once(connection, report, bytes, with_end);
  } else if (connection.options().testee_pid > 0) {
    why_not = send_while_stopped(connection, report, bytes, with_end, deadline);
  } else {
    why_not =
        "it is more than one packet, and the testee is not ours to stop (only a launched one is)";
  }
  if (report.is_over()) return report.take();
  if (!report.send_rest(bytes, deadline)) return report.take();
  if (with_end && !connection.is_end_sent() && !report.shut_down()) return report.take();
  if (!why_not.empty()) report.set_unproven("not proven to be together: " + why_not);
  if (report.prove(deadline) && connection.is_unix()) report.end_is_proven();
  return report.take();
}

}  // namespace

Delivery Deliverer::coalesced(Bytes stream, Deadline deadline) {
  return deliver_together(*connection_, stream, false, deadline);
}

Delivery Deliverer::end_with(Bytes last, Deadline deadline) {
  return deliver_together(*connection_, last, true, deadline);
}

}  // namespace framespec::delivery
