#include "delivery/deliver.h"

#include <poll.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "delivery/connection.h"
#include "delivery/delivery_report.h"

namespace framespec::delivery {
namespace {

/// Pauses instead of proof.
void deliver_paced(Connection& connection, DeliveryReport& report, std::span<const Bytes> segments,
                   Deadline deadline) {
  report.set_paced();
  for (std::size_t index = 0; index < segments.size(); ++index) {
    if (!report.send(segments[index], deadline)) return;
    if (index + 1 == segments.size()) return;
    const auto until = std::chrono::steady_clock::now() + connection.options().pace;
    if (!report.step(connection.linger(until))) return;
  }
}

}  // namespace

Deliverer::Deliverer(int fd, DelivererOptions options)
    : connection_(std::make_unique<Connection>(fd, std::move(options))) {}
Deliverer::~Deliverer() = default;
Deliverer::Deliverer(Deliverer&&) noexcept = default;
Deliverer& Deliverer::operator=(Deliverer&&) noexcept = default;

bool Deliverer::can_prove() const noexcept { return connection_->can_prove(); }

const std::string& Deliverer::unprovable_reason() const noexcept {
  return connection_->unprovable_reason();
}

PeerEnd Deliverer::peer_end() const noexcept { return connection_->peer_end(); }

std::uint64_t Deliverer::bytes_received() const noexcept { return connection_->received(); }

std::expected<PeerFigures, ProbeError> Deliverer::look_at_peer() {
  if (!can_prove()) {
    return std::unexpected(ProbeError{ProbeFailure::kDiagUnavailable, unprovable_reason()});
  }
  return connection_->probe().look();
}

Delivery Deliverer::split(Bytes stream, std::span<const std::uint64_t> cuts, Deadline deadline) {
  std::vector<Bytes> segments;
  segments.reserve(cuts.size() + 1);
  std::uint64_t begin = 0;
  for (const std::uint64_t cut : cuts) {
    if (cut <= begin || cut >= stream.size()) {
      Delivery refused;
      refused.segments = cuts.size() + 1;
      refused.bytes = stream.size();
      refused.reason = "the cut at " + std::to_string(cut) +
                       " is not between the one before it and the end of the stream";
      return refused;
    }
    segments.push_back(stream.subspan(begin, cut - begin));
    begin = cut;
  }
  if (!stream.empty()) segments.push_back(stream.subspan(begin));
  return split(segments, deadline);
}

Delivery Deliverer::split(std::span<const Bytes> segments, Deadline deadline) {
  DeliveryReport report(*connection_, segments);
  if (!report.may_begin()) return report.take();
  if (!can_prove()) {
    deliver_paced(*connection_, report, segments, deadline);
    return report.take();
  }
  if (!report.settle_earlier(deadline)) return report.take();
  for (std::size_t index = 0; index < segments.size() && !report.has_left_unread(); ++index) {
    if (!report.send(segments[index], deadline)) return report.take();
    const bool is_last = index + 1 == segments.size();
    if (!(is_last ? report.prove(deadline) : report.prove_before_next(deadline))) {
      return report.take();
    }
  }
  if (report.has_left_unread() && report.send_rest(deadline)) report.prove(deadline);
  return report.take();
}

Delivery Deliverer::whole(Bytes stream, Deadline deadline) {
  const std::array<Bytes, 1> one{stream};
  DeliveryReport report(*connection_, std::span(one).first(stream.empty() ? 0 : 1));
  if (!report.may_begin()) return report.take();
  if (!stream.empty() && !report.send(stream, deadline)) return report.take();
  if (can_prove()) {
    report.prove(deadline);
  } else {
    report.set_paced();
  }
  return report.take();
}

Delivery Deliverer::push(Bytes stream, std::chrono::milliseconds stall, Deadline deadline) {
  const std::array<Bytes, 1> one{stream};
  DeliveryReport report(*connection_, std::span(one).first(stream.empty() ? 0 : 1));
  if (!report.may_begin()) return report.take();
  report.set_unproven(
      "a flood is sent as fast as it goes, without waiting for the testee to take it");
  report.step(connection_->push_all(stream, stall, deadline));
  return report.take();
}

Delivery Deliverer::end_alone(Deadline deadline) {
  DeliveryReport report(*connection_, {});
  if (!report.may_begin()) return report.take();
  report.expect_end();
  if (can_prove()) {
    if (!report.settle_earlier(deadline)) return report.take();
  } else {
    report.set_paced();
    const auto until = std::chrono::steady_clock::now() + connection_->options().pace;
    if (!report.step(connection_->linger(until))) return report.take();
  }
  if (!report.shut_down()) return report.take();
  // Whether an AF_UNIX peer has read the end does not show; that it came alone does.
  if (can_prove() && !connection_->is_unix()) report.prove(deadline);
  if (connection_->is_unix()) report.end_is_proven();
  return report.take();
}

Delivery Deliverer::end_at_once() {
  DeliveryReport report(*connection_, {});
  if (!report.may_begin()) return report.take();
  report.expect_end();
  report.set_unproven(
      "the end of the stream is sent behind what the testee may not have taken yet");
  report.shut_down();
  return report.take();
}

Delivery Deliverer::reset(Deadline deadline) {
  DeliveryReport report(*connection_, {});
  if (!report.may_begin_reset()) return report.take();
  if (can_prove()) {
    if (!report.settle_earlier(deadline)) return report.take();
  } else {
    report.set_paced();
    const auto until = std::chrono::steady_clock::now() + connection_->options().pace;
    if (!report.step(connection_->linger(until))) return report.take();
  }
  abort(report, deadline);
  return report.take();
}

Delivery Deliverer::reset_at_once(Deadline deadline) {
  DeliveryReport report(*connection_, {});
  if (report.may_begin_reset()) abort(report, deadline);
  return report.take();
}

void Deliverer::abort(DeliveryReport& report, Deadline deadline) {
  if (!connection_->abort()) {
    report.step(Connection::Step::kFailed);
  } else if (can_prove() && connection_->wait_until_gone(deadline) != Connection::Step::kDone) {
    report.set_unproven("the reset was sent, but the peer's socket is still there");
  }
}

PeerEnd Deliverer::receive(Deadline deadline, const std::function<bool()>& enough) {
  Connection& connection = *connection_;
  for (;;) {
    const bool came = connection.drain();
    if (!connection.may_be_answered() || connection.is_cancelled()) break;
    if (enough && enough()) break;
    // Also a peer that never stops sending must not keep us longer than that.
    if (std::chrono::steady_clock::now() >= deadline) break;
    if (!came) connection.sleep_until_readable(deadline);
  }
  return connection.peer_end();
}

bool Deliverer::may_be_answered() const noexcept { return connection_->may_be_answered(); }

bool Deliverer::is_end_sent() const noexcept { return connection_->is_end_sent(); }

bool Deliverer::receive_once(Deadline deadline) {
  Connection& connection = *connection_;
  for (;;) {
    if (!connection.may_be_answered() || connection.is_cancelled()) return false;
    if (connection.read_once()) return true;
    if (!connection.may_be_answered()) return false;
    if (std::chrono::steady_clock::now() >= deadline) return false;
    connection.sleep_until_readable(deadline);
  }
}

}  // namespace framespec::delivery
