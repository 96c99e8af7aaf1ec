// Carries out the steps of one delivery and writes down what became of each.
// Not for use outside this folder.
#pragma once

#include <span>
#include <string>

#include "delivery/connection.h"
#include "delivery/delivery_result.h"

namespace framespec::delivery {

/// Every step returns whether the delivery goes on; after false only take() is left. `segments`
/// must outlive the report.
class DeliveryReport {
 public:
  DeliveryReport(Connection& connection, std::span<const Bytes> segments);

  /// Refuses what cannot be delivered: empty segments, a connection that is at its end.
  bool may_begin();
  bool may_begin_reset();

  /// Waits until what earlier deliveries sent is taken: otherwise the first segment could join it.
  /// True also for a peer that leaves it unread, if the caller wants to go on then.
  bool settle_earlier(Deadline deadline);

  /// Sends the next segment.
  bool send(Bytes segment, Deadline deadline);

  /// The same with one system call; what it did not take (is_short()), if it was called at all, is
  /// sent by complete().
  bool send_at_once(Bytes segment);
  bool complete(Bytes segment, Deadline deadline);
  [[nodiscard]] bool is_short() const noexcept { return delivery_.segments_sent < started_; }

  /// Waits for the proof that everything sent so far is taken.
  bool prove(Deadline deadline);

  /// The same before a further segment: true also for a peer that leaves this one unread, if the
  /// caller wants to go on then. has_left_unread() tells.
  bool prove_before_next(Deadline deadline);
  [[nodiscard]] bool has_left_unread() const noexcept { return delivery_.left_unread; }

  /// Sends what the segments after those already sent hold, in one piece.
  bool send_rest(Deadline deadline);

  /// Shuts down our sending side.
  bool shut_down();

  /// Judges how a step of the Connection ended.
  bool step(Connection::Step step);

  /// Whether a step has returned false.
  [[nodiscard]] bool is_over() const noexcept { return is_over_; }
  void expect_end() noexcept { end_expected_ = true; }
  void end_is_proven() noexcept { end_proven_ = true; }
  void set_room(std::uint64_t bytes) noexcept { delivery_.room = bytes; }
  void set_paced();
  /// All is sent, but not as it was meant; the delivery goes on.
  void set_unproven(std::string reason);

  /// The result. Once, as the last call.
  [[nodiscard]] Delivery take();

 private:
  [[nodiscard]] std::string current() const;
  void end(Outcome outcome, std::string reason);
  bool go_on_past_unread(Connection::Step step);
  void note_proof(Connection::Step step);
  void closed();

  Connection& connection_;
  std::span<const Bytes> segments_;
  Delivery delivery_;
  std::uint64_t sent_before_;
  std::uint64_t sent_ = 0;
  std::uint64_t offset_ = 0;  ///< of the segment under way
  std::size_t started_ = 0;
  bool settled_;
  bool end_expected_ = false;
  bool end_proven_ = false;
  bool is_over_ = false;
  bool is_paced_ = false;
  bool is_unproven_ = false;
};

}  // namespace framespec::delivery
