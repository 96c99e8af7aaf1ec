// One connection of a plan: sends with proof, and compares what comes with what must come.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "delivery/deliver.h"
#include "framespec/awaited_request.h"
#include "launch/testee.h"
#include "launch/unique_fd.h"
#include "runner/answer_comparison.h"
#include "runner/answers.h"
#include "runner/patience.h"
#include "runner/testee_end.h"
#include "runner/verdict.h"
#include "suite/plan.h"

namespace framespec::conformance {

/// How a step of a connection went. Nothing set: well.
struct StepResult {
  std::optional<Failure> failure{};
  std::optional<std::string> error{};
  std::optional<std::string> not_observable{};
  bool is_cancelled = false;

  static StepResult of(Failure seen) { return {.failure = std::move(seen)}; }
  static StepResult failed(FailureKind kind, std::string expected, std::string came) {
    return of(Failure{.kind = kind,
                      .expected = std::move(expected),
                      .came = std::move(came),
                      .at_sentinel = false});
  }
  static StepResult broken(std::string reason) { return {.error = std::move(reason)}; }
  static StepResult unobservable(std::string reason) {
    return {.not_observable = std::move(reason)};
  }
  static StepResult cancelled() { return {.is_cancelled = true}; }

  [[nodiscard]] bool is_ok() const noexcept {
    return !failure && !error && !not_observable && !is_cancelled;
  }
};

/// PlanConnection::Surroundings::unread_limit for a testee that has left something in its queue for
/// as long as its patience goes, and was alive. One that was not launched cannot be told from a
/// busy one.
[[nodiscard]] constexpr std::chrono::milliseconds known_unread_limit(bool is_launched) noexcept {
  return std::chrono::milliseconds(is_launched ? 50 : 1000);
}

/// So many of the bytes that come on a connection are kept, to be told.
inline constexpr std::size_t kCameKeptMax = 4096;

class PlanConnection {
 public:
  /// How long to wait, and for whom. The testee must outlive the connection.
  struct Surroundings {
    Testee& testee;
    std::chrono::milliseconds time_limit;
    WaitLimits limits;
    /// How long everything may stay in the queue of a testee that could take it, before more is
    /// sent; at most time_limit. Shared by the connections of a plan, because one that has waited
    /// in vain lowers it for all of them. Must outlive the connection.
    std::chrono::milliseconds& unread_limit;
    /// The longest silences that have ended; shared and long-lived likewise.
    Silence& slowest;
    /// Bytes of floods that were answered; shared and long-lived likewise.
    std::atomic<std::uint64_t>& flood_answered;
    const std::atomic<bool>* cancelled;
    /// DelivererOptions::namespaces.
    delivery::OtherNamespaces* namespaces = nullptr;
    /// ExecuteOptions::pace.
    std::optional<std::chrono::microseconds> pace{};
    /// ExecuteOptions::observed.
    Observation observed{};
    /// ExecuteOptions::learns.
    bool learns = false;
    /// ExecuteOptions::masks.
    std::span<const Mask> masks{};
    /// ExecuteOptions::listens_on.
    bool listens_on = false;
  };

  /// Connects. A testee that takes no connection is a failure of the step, not of the runner.
  [[nodiscard]] static std::expected<std::unique_ptr<PlanConnection>, StepResult> open(
      const Dialect& dialect, const Surroundings& surroundings);

  /// Sends bytes as they are to arrive, or whole.
  StepResult send(const Send& step);
  StepResult flood(const Flood& step);
  StepResult expect_stalled(const ExpectStalled& step) const;
  StepResult expect_flood();
  StepResult finish(const Finish& step);
  StepResult abort();
  StepResult pause(const Pause& step);

  StepResult expect(const ExpectedFrame& frame, std::uint64_t number, std::uint64_t of);
  StepResult expect_closed(const ExpectClosed& step);

  /// Of a service: its answer, as bytes. To be learnt it is whatever comes.
  StepResult expect_answer(const ExpectAnswer& step);
  /// Of a service whose last answer is there, and the connection not closed: that nothing comes
  /// right behind it; where it is listened to for longer, nothing until it is quiet.
  StepResult expect_nothing_more();
  /// Of a service: the turn whose answer was expected last, from 1.
  [[nodiscard]] std::size_t turn() const noexcept { return turn_; }
  /// What was learnt.
  [[nodiscard]] AnswersSeen take_seen() noexcept { return std::move(seen_); }

  /// Of a client with a fixed exchange. One that has ended the connection has no more requests, and
  /// that is not judged here.
  StepResult await(const Await& step);
  /// Waits for the client's end, and compares it with the control's.
  StepResult expect_exit(const ExpectExit& step);
  /// How it ended, if by itself.
  [[nodiscard]] const std::optional<step::ControlExit>& exit() const noexcept { return exit_; }

  /// Ends what still goes on beside other steps; the functions below may be asked afterwards.
  void stop_flooding();

  /// What the deliveries of segmented steps proved.
  [[nodiscard]] const Proof& proof() const noexcept { return proof_; }

  /// Attempt::segmented_for.
  [[nodiscard]] std::chrono::microseconds segmented_for() const noexcept { return segmented_for_; }

  /// Whether a wait in vain was one for a testee at work, and how long the longest one was.
  [[nodiscard]] bool was_at_work() const noexcept { return was_at_work_; }
  [[nodiscard]] std::chrono::milliseconds hung_for() const noexcept { return hung_for_; }

  /// The inode of the testee's socket, as in /proc/PID/fd; nothing where it is not seen, or held by
  /// nobody.
  [[nodiscard]] std::optional<std::uint64_t> peer_inode() {
    const auto figures = deliverer_.look_at_peer();
    if (!figures || figures->inode == 0) return std::nullopt;
    return figures->inode;
  }

  /// The first kCameKeptMax bytes that came, once; and how many have come altogether.
  [[nodiscard]] ByteVector take_first_bytes() noexcept { return std::move(first_bytes_); }
  [[nodiscard]] std::uint64_t bytes_received() const noexcept {
    return is_exchange() ? bytes_requested_ : deliverer_.bytes_received();
  }

  /// How the connection stands now; `has_hung` when a wait for the testee was in vain.
  [[nodiscard]] ConnectionEnd end() const noexcept;

 private:
  /// A flood between its step and the expectation that ends it.
  struct FloodUnderWay {
    Flood step;
    ByteVector block;  ///< whole copies of the frame
    std::uint64_t bytes_sent = 0;
    std::uint64_t frames_answered = 0;

    [[nodiscard]] std::uint64_t bytes_answered() const noexcept {
      return frames_answered * step.bytes.size();
    }
  };

  PlanConnection(UniqueFd fd, const Dialect& dialect, const Surroundings& surroundings);
  void take_in(Bytes bytes);
  void take_request(Bytes bytes);
  [[nodiscard]] std::expected<ByteVector, StepResult> bytes_of(const Send& step) const;
  StepResult expect_masked(const MaskedAnswer& known, const ExpectAnswer& step);
  StepResult learn_answer(const ExpectAnswer& recorded);
  StepResult learn_closed();
  [[nodiscard]] WaitLimits until_quiet() const;
  [[nodiscard]] std::string answer_so_far() const;
  /// The connection has ended, or nothing more comes.
  StepResult not_whole(const std::string& expected, const Patience& patience);
  /// Something came that nothing was sent for.
  [[nodiscard]] bool has_unexpected() const;
  StepResult wait_for_exit();
  [[nodiscard]] WaitForEnd::Shown take_more_of_the_end();
  /// What is to be said of a client's end besides that: "; and so on", or nothing.
  [[nodiscard]] std::string beside_its_end() const;
  StepResult send_arriving(const Send& step, Bytes bytes);
  StepResult send_together(Bytes bytes, bool with_end);
  StepResult send_with_end(Bytes bytes, std::span<const std::uint64_t> cuts);
  StepResult finish_flood();
  /// Reads an unread flood's answers, little by little and no faster than the testee, until
  /// `is_done`; before each look it goes on with what is to be sent.
  StepResult read_sparingly(const std::string& expected, const std::function<StepResult()>& go_on,
                            const std::function<bool()>& is_done);
  void let_settle() const;
  StepResult push_until_stalled();
  StepResult pump_until_under_way();
  StepResult pump();
  StepResult push_block(std::chrono::milliseconds stall);
  StepResult push(Bytes bytes, std::chrono::milliseconds stall);
  StepResult take_flood_answers();
  [[nodiscard]] bool is_working_off_flood() noexcept;
  /// Of a wait from here on.
  [[nodiscard]] WaitLimits limits() const noexcept;
  /// Bytes of a flood that may be answered before anything is on another connection.
  [[nodiscard]] std::uint64_t flood_before_others() const noexcept;
  StepResult result_of(const delivery::Delivery& delivery);
  void note_proof(const delivery::Delivery& delivery);
  void note_left_unread();
  void shorten_unread_limit() const;
  [[nodiscard]] bool is_exchange() const noexcept {
    return surroundings_.observed.form == Observation::Form::kExit;
  }
  [[nodiscard]] bool is_service() const noexcept {
    return surroundings_.observed.form == Observation::Form::kBytes;
  }
  [[nodiscard]] bool is_known_to_leave_unread() const noexcept {
    return surroundings_.unread_limit < surroundings_.time_limit;
  }
  delivery::Deadline begin_delivery(std::uint64_t bytes, std::uint64_t segments = 1);
  std::optional<delivery::Deadline> prolong(delivery::PeerProgress progress);
  [[nodiscard]] delivery::Deadline next_look() const;
  [[nodiscard]] Patience wait_for_answer() const;
  void note_sign_of_life(const Patience& patience) const {
    surroundings_.slowest.keep_longest(patience.silence());
  }
  void note_hang(const Patience& patience) { note_hang(patience.waited(), patience.was_at_work()); }
  void note_hang(std::chrono::milliseconds waited, bool was_at_work);
  [[nodiscard]] bool is_cancelled() const noexcept {
    return surroundings_.cancelled != nullptr && surroundings_.cancelled->load();
  }
  [[nodiscard]] Failure nothing_came(const std::string& expected, const Patience& patience);
  [[nodiscard]] std::string what_came_instead() const;
  /// Right as far as it goes, but there is an end to waiting for it.
  [[nodiscard]] static StepResult too_slow(std::string_view what, const WaitBound& bound);

  Surroundings surroundings_;
  UniqueFd fd_;
  Answers answers_;
  ByteVector first_bytes_;
  Patience patience_;          ///< with the delivery under way
  WaitBound bound_;            ///< of that delivery
  bool is_too_slow_ = false;   ///< it went on until that was over
  bool is_last_look_ = false;  ///< of that patience
  delivery::Deliverer deliverer_;
  Proof proof_;
  std::chrono::microseconds segmented_for_{0};
  std::uint64_t bytes_sent_ = 0;
  std::uint64_t bytes_taken_ = 0;
  std::uint64_t bytes_offered_ = 0;  ///< with those of the delivery under way
  /// How long a testee at work was waited for in vain, in this delivery.
  std::optional<std::chrono::milliseconds> left_at_work_for_;
  bool has_hung_ = false;
  bool was_at_work_ = false;
  std::chrono::milliseconds hung_for_{0};
  /// Since when the testee is known to leave what it was sent in its queue.
  std::optional<Patience::Clock::time_point> left_unread_since_;
  ByteVector bytes_came_;               ///< of a service: what no step has expected yet
  std::size_t turn_ = 0;                ///< whose answer is expected, from 1
  AnswersSeen seen_;                    ///< to be learnt
  ByteVector requests_;                 ///< what was not awaited yet
  std::uint64_t requests_dropped_ = 0;  ///< that came behind, and were too many to be kept
  std::uint64_t bytes_requested_ = 0;
  std::unique_ptr<AwaitedRequest> awaited_;  ///< the last one
  ByteVector output_;                        ///< of Observation::Form::kExit
  std::size_t turned_away_ = 0;              ///< further connections of a client
  std::optional<step::ControlExit> exit_;
  /// Of Surroundings::flood_answered: when this one was sent to last, and as seen last.
  std::uint64_t flood_answered_before_ = 0;
  std::uint64_t flood_answered_seen_ = 0;
  bool has_waited_for_flood_ = false;  ///< as long as anything of it may come first
  std::optional<FloodUnderWay> flood_;
  StepResult flooding_result_;
  std::jthread flooding_;  // the last member: it uses the others, and must end before them
};

}  // namespace framespec::conformance
