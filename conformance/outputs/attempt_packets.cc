#include "outputs/attempt_packets.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "framespec/awaited_request.h"
#include "framespec/printable.h"
#include "outputs/attempt_place.h"
#include "outputs/came_reader.h"
#include "outputs/tcp_talk.h"
#include "runner/sentinel.h"

namespace framespec::conformance {
namespace {

constexpr std::string_view kSentinel = "sentinel";  ///< ReplayCame::connection of the last frame

class Player {
 public:
  Player(const RecordedAttempt& attempt, const Replay& replay)
      : attempt_(attempt), replay_(replay), is_client_(attempt.started->testee.is_client()) {
    packets_.now = beginning_of(attempt);
  }

  std::vector<CommentedPacket> play() {
    open("main");
    play_steps();
    const bool are_steps_done = !replay_.failure || replay_.failure->at_sentinel;
    if (are_steps_done && after_of(replay_.steps, replay_.main_stays_open) == After::kMainOpen) {
      play_sentinel("main");
    }
    for (auto& [name, connection] : connections_) end(name, connection);
    const bool is_refused = fails("no_connection") && replay_.failure->at_sentinel;
    if (came_on(kSentinel) != nullptr || is_refused) {
      open(std::string(kSentinel));
      play_sentinel(kSentinel);
      end(kSentinel, connections_.at(std::string(kSentinel)));
    }
    return std::move(packets_.packets);
  }

 private:
  struct Connection {
    TcpTalk talk;
    CameReader came;
    bool has_ended = false;
  };

  [[nodiscard]] TalkSide ours() const {
    return is_client_ ? TalkSide::kListening : TalkSide::kConnecting;
  }
  [[nodiscard]] TalkSide theirs() const { return other(ours()); }

  [[nodiscard]] bool fails(std::string_view kind) const {
    return replay_.failure && replay_.failure->kind == kind;
  }

  [[nodiscard]] const ReplayCame* came_on(std::string_view name) const {
    const auto found = std::ranges::find(replay_.came, name, &ReplayCame::connection);
    return found == replay_.came.end() ? nullptr : &*found;
  }

  /// What was not as expected ended the steps, if it was seen on the connection.
  void stop_unless(bool is_expected) {
    const bool is_seen_elsewhere = attempt_.started->testee.observe.starts_with("stdout");
    if (is_expected || is_seen_elsewhere || !replay_.failure || replay_.failure->at_sentinel)
      return;
    has_stopped_ = true;
  }

  [[nodiscard]] std::string step_text(const Step& step, std::string_view what) const {
    const std::string on =
        step.connection == "main" ? "" : fmt::format(" on {}", printable(step.connection));
    if (is_sentinel_) return fmt::format("is the testee still there? {}", what);
    return fmt::format("step {} of {}{}: {}", number_, replay_.steps.size(), on, what);
  }

  void open(const std::string& name) {
    static const ReplayCame kNothing;
    const ReplayCame* const came = came_on(name);
    TalkPlace place = place_of(attempt_.started->testee);
    place.connecting_port += static_cast<std::uint16_t>(connections_.size());
    const auto [found, is_new] = connections_.try_emplace(
        name, Connection{.talk = TcpTalk(packets_, place),
                         .came = CameReader(came == nullptr ? kNothing : *came, attempt_.dialect)});
    if (!is_new) return;
    if (came == nullptr && fails("no_connection")) {
      found->second.talk.refuse(fmt::format("connection {} is not taken", printable(name)));
      has_stopped_ = true;
      return;
    }
    found->second.talk.open(fmt::format("connection {} begins", printable(name)));
  }

  void play_steps() {
    for (const Step& step : replay_.steps) {
      if (has_stopped_) return;
      ++number_;
      play(step);
    }
  }

  void play(const Step& step) {
    if (std::holds_alternative<step::Open>(step.action)) return open(step.connection);
    const auto found = connections_.find(step.connection);
    if (found == connections_.end()) return;
    std::visit([&](const auto& action) { act(step, found->second, action); }, step.action);
  }

  /// The frame, or of a service the conversation, that shows whether the testee is there.
  void play_sentinel(std::string_view connection) {
    std::vector<Step> steps;
    if (!is_of_service(replay_.steps)) {
      const auto sentinel = make_sentinel(attempt_.dialect);
      if (!sentinel) return;
      steps = {{.action = sentinel->send},
               {.action = step::ExpectFrames{.frames = {sentinel->answer}}}};
    } else if (connection == kSentinel) {
      steps = replay_.steps;
    }
    is_sentinel_ = true;
    has_stopped_ = false;
    for (Step& step : steps) {
      if (auto* const send = std::get_if<Send>(&step.action)) send->arrival.reset();
      step.connection = connection;
      play(step);
    }
  }

  void answer(Connection& connection, const std::string& text, Bytes bytes) {
    connection.talk.send(theirs(), bytes, text, "framespec has received it");
  }
  void answer(const Step& step, Connection& connection, const CameReader::Taken& taken,
              std::string_view what) {
    answer(connection,
           step_text(step, fmt::format("{}, {}", what,
                                       !taken.is_expected ? "not as expected"
                                       : taken.is_whole   ? "as expected"
                                                        : "of which the first bytes are recorded")),
           taken.bytes);
    stop_unless(taken.is_expected);
  }

  /// What no step expected, and how the testee ended the connection.
  void end(std::string_view name, Connection& connection) {
    if (std::exchange(connection.has_ended, true)) return;
    const ReplayCame* const came = came_on(name);
    if (came == nullptr) return;
    const std::string unkept = came->size == came->bytes.size()
                                   ? ""
                                   : fmt::format("; the first {} of {} bytes are recorded",
                                                 came->bytes.size(), came->size);
    answer(connection, "came, and no step expected it" + unkept, connection.came.rest());
    if (came->end == "fin") connection.talk.finish(theirs(), "the testee ends the connection");
    if (came->end.starts_with("reset")) {
      connection.talk.reset(theirs(), came->end == "reset"
                                          ? "the testee resets the connection"
                                          : "the testee resets the connection over unread bytes");
    }
  }

  void act(const Step& step, Connection& connection, const Send& send) {
    ByteVector bytes = send.bytes;
    if (!send.copies.empty()) {
      if (auto copied = with_copies(send, connection.came.last_request())) {
        bytes = *std::move(copied);
      }
    }
    if (!send.arrival) {
      return transmit(step, connection, bytes, fmt::format("send {} bytes", bytes.size()));
    }
    const Arrival& arrival = *send.arrival;
    const std::size_t segments = arrival.cuts.size() + 1;
    std::size_t begin = 0;
    for (std::size_t index = 0; index < segments; ++index) {
      if (is_untaken(index, segments)) {
        has_stopped_ = true;
        return;
      }
      const std::size_t segment_end = index < arrival.cuts.size()
                                          ? static_cast<std::size_t>(arrival.cuts[index])
                                          : bytes.size();
      const std::string what =
          segments > 1 ? fmt::format("segment {} of {}, bytes [{}, {}) of {}", index + 1, segments,
                                     begin, segment_end, bytes.size())
                       : fmt::format("send {} bytes{}", bytes.size(),
                                     arrival.is_coalesced ? ", all queued before any is read" : "");
      const Proof& proof = attempt_.made.attempt.proof;
      transmit(step, connection, Bytes(bytes).subspan(begin, segment_end - begin), what,
               {.is_proven = proof.state == ProofState::kProven,
                .is_with_end = arrival.is_with_end && index + 1 == segments});
      begin = segment_end;
    }
  }

  struct Delivery {
    bool is_proven = false;
    bool is_with_end = false;
  };
  void transmit(const Step& step, Connection& connection, Bytes bytes, const std::string& what,
                const Delivery& delivery = {false, false}) {
    const std::string taken = delivery.is_proven ? "taken by the testee (proven)" : "acknowledged";
    connection.talk.send(ours(), bytes, step_text(step, what), step_text(step, taken),
                         delivery.is_with_end);
  }

  /// A segment of a proven segmentation that the testee ended before it.
  [[nodiscard]] bool is_untaken(std::size_t index, std::size_t segments) const {
    const Proof& proof = attempt_.made.attempt.proof;
    return proof.state == ProofState::kProven && proof.segments == segments &&
           index >= std::max<std::uint64_t>(proof.segments_proven, 1);
  }

  void act(const Step& step, Connection& connection, const step::Flood& flood) {
    transmit(step, connection, flood.bytes,
             fmt::format("a flood of {} bytes: this frame again and again, shown once",
                         flood.total_bytes));
  }
  void act(const Step& step, Connection& connection, const step::Finish& /*finish*/) {
    connection.talk.finish(ours(), step_text(step, "the end of what is sent"));
  }
  void act(const Step& step, Connection& connection, const step::Abort& /*abort*/) {
    connection.talk.reset(ours(), step_text(step, "framespec resets the connection"));
  }
  void act(const Step& /*step*/, Connection& /*connection*/, const step::Pause& pause) {
    packets_.now += pause.time;
  }
  void act(const Step& step, Connection& connection, const step::ExpectFrames& expected) {
    answer(step, connection, connection.came.frames(expected.frames), "frames");
  }
  void act(const Step& step, Connection& connection, const step::ExpectAnswer& expected) {
    answer(step, connection, connection.came.answer(expected), "an answer");
  }
  void act(const Step& step, Connection& connection, const step::Await& await) {
    answer(step, connection, connection.came.request(await), "a request");
  }
  void act(const Step& step, Connection& connection, const step::ExpectClosed& /*closed*/) {
    const Bytes more = connection.came.rest();
    answer(connection, step_text(step, "came where the end was to come"), more);
    end(step.connection, connection);
    const ReplayCame* const came = came_on(step.connection);
    stop_unless(more.empty() && came != nullptr && came->end != "open" && came->end != "hang");
  }
  void act(const Step& /*step*/, Connection& /*connection*/,
           const step::ExpectMemoryGrowth& /*memory*/) {
    stop_unless(!fails("memory"));
  }
  void act(const Step& /*step*/, Connection& /*connection*/, const step::ExpectWork& /*work*/) {
    stop_unless(!fails("work"));
  }
  /// What is waited for, or looked at, elsewhere is no packet.
  template <typename Other>
  void act(const Step& /*step*/, Connection& /*connection*/, const Other& /*other*/) {}

  const RecordedAttempt& attempt_;
  const Replay& replay_;
  bool is_client_;
  TalkPackets packets_;
  std::map<std::string, Connection, std::less<>> connections_;
  std::size_t number_ = 0;  ///< of the step under way
  bool has_stopped_ = false;
  bool is_sentinel_ = false;  ///< all steps are done
};

}  // namespace

std::vector<CommentedPacket> attempt_packets(const RecordedAttempt& attempt, const Replay& replay) {
  return Player(attempt, replay).play();
}

}  // namespace framespec::conformance
