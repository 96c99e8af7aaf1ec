#include "suite/recording.h"

#include <cstddef>
#include <utility>
#include <variant>

#include "framespec/event_deframer.h"
#include "framespec/md5.h"
#include "suite/exchange.h"
#include "suite/replay_lines.h"

namespace framespec::conformance {
namespace {

/// Takes the steps of a recording one after the other.
class Turns {
 public:
  /// What is wrong with the step where it stands; empty if nothing is.
  std::string take(Step step) {
    if (step.connection != "main") {
      return "a recording has one connection; it is called \"main\"";
    }
    const bool is_last_answer =
        is_request_last_ && std::holds_alternative<ExpectAnswer>(step.action);
    if (is_finished_ && !is_last_answer) {
      return "nothing can follow \"finish\" but the last answer: the client has ended its stream";
    }
    return std::visit([this](auto& action) { return add(std::move(action)); }, step.action);
  }

  [[nodiscard]] std::string end() const {
    if (has_request_) return {};
    return "there is no request in the file; a line such as "
           "{\"on\":\"main\",\"do\":\"send\",\"text\":\"PING\\r\\n\"} is one";
  }

  std::vector<Turn> turns;
  bool ends_before_answer = false;

 private:
  std::string add(Send send) {
    if (send.bytes.empty()) return "a request has one byte at least";
    if (send.arrival) {
      return "framespec cuts the requests itself; leave out \"cuts\", \"coalesced\" and "
             "\"with_end\"";
    }
    if (!send.copies.empty()) {
      return "a recorded request is sent as it stands; leave out \"copies\"";
    }
    if (is_request_last_) {
      return "a request follows another one; what is sent before an answer is one request: join "
             "their bytes, or put the answer between them";
    }
    turns.push_back({.request = std::move(send), .answer = {}});
    is_request_last_ = has_request_ = true;
    return {};
  }

  std::string add(ExpectAnswer answer) {
    if (!turns.empty() && !is_request_last_) {
      return "an answer follows another one; what comes between two requests is one answer: join "
             "their bytes";
    }
    if (turns.empty()) turns.emplace_back();
    turns.back().answer = std::move(answer.bytes);
    turns.back().is_answered = true;
    ends_before_answer = is_finished_;
    is_request_last_ = false;
    return {};
  }

  std::string add(const Finish& /*finish*/) {
    is_finished_ = true;
    return {};
  }

  template <typename Other>
  std::string add(const Other& /*step*/) {
    return "a recording has the steps \"send\" and \"expect\": \"answer\" in turns, and perhaps "
           "\"finish\" as the last: leave this line out";
  }

  bool is_request_last_ = false;
  bool has_request_ = false;
  bool is_finished_ = false;
};

/// The ends of the frames that the bytes begin with.
std::vector<std::uint64_t> frame_ends_in(Bytes bytes, const Dialect& dialect) {
  std::vector<std::uint64_t> ends;
  EventDeframer deframer(dialect);
  for (;;) {
    const auto event = deframer.next(bytes);
    if (!event || event->kind == EventKind::kNeedData) return ends;
    if (event->kind == EventKind::kFrameEnd) ends.push_back(deframer.offset());
  }
}

}  // namespace

std::expected<Recording, ReplayError> parse_recording(std::string_view text) {
  auto replay = parse_replay(text);
  if (!replay) return std::unexpected(replay.error());
  const auto wrong = [&](std::size_t index, std::string message) {
    return std::unexpected(
        ReplayError{.line = line_of_step(text, index), .path = "$", .message = std::move(message)});
  };
  Turns turns;
  for (std::size_t i = 0; i < replay->steps.size(); ++i) {
    std::string mistake = turns.take(std::move(replay->steps[i]));
    if (!mistake.empty()) return wrong(i, std::move(mistake));
  }
  if (std::string mistake = turns.end(); !mistake.empty()) {
    return wrong(replay->steps.empty() ? 0 : replay->steps.size() - 1, std::move(mistake));
  }
  return Recording{.title = std::move(replay->title),
                   .turns = std::move(turns.turns),
                   .ends_before_answer = turns.ends_before_answer,
                   .dialect = std::move(replay->dialect),
                   .digest = md5_of(as_bytes(text))};
}

Recording with_dialect(Recording recording, Dialect dialect) {
  for (Turn& turn : recording.turns) {
    turn.request.frame_ends = frame_ends_in(turn.request.bytes, dialect);
  }
  recording.dialect = std::move(dialect);
  return recording;
}

const Dialect& dialect_of(const Recording& recording) {
  return recording.dialect ? *recording.dialect : unframed_dialect();
}

}  // namespace framespec::conformance
