#include "suite/agreement.h"

#include <deque>
#include <map>
#include <memory>
#include <utility>

#include "framespec/frame_deframer.h"

namespace framespec::conformance {
namespace {

/// One connection as the rules see it.
class Connection {
 public:
  explicit Connection(const Dialect& dialect)
      : deframer_(std::make_unique<FrameDeframer>(dialect, DigestCheck::kVerify)) {}

  void send(Bytes bytes) {
    while (!error_) {
      auto frame = deframer_->next(bytes);
      if (!frame) {
        error_ = std::move(frame.error());
      } else if (*frame) {
        frames_.push_back(
            {.payload = {(*frame)->payload.begin(), (*frame)->payload.end()},
             .lead = {(*frame)->lead.begin(), (*frame)->lead.end()},
             .filename = (*frame)->header != nullptr ? (*frame)->header->filename : ""});
      } else {
        return;
      }
    }
  }

  /// One frame of a flood stands for all of them.
  void flood(const Flood& flood) {
    send(flood.bytes);
    flood_answer_ = flood.answer;
  }

  std::optional<std::string> expect_flood() {
    if (!flood_answer_) return "it expects answers to a flood where there is none";
    return expect(*std::exchange(flood_answer_, std::nullopt));
  }

  void finish() { is_finished_ = true; }
  void abort() { is_aborted_ = true; }

  std::optional<std::string> expect(const ExpectedFrame& expected) {
    if (frames_.empty()) {
      return "it expects a frame where the rules see none" +
             (error_ ? ": " + to_string(*error_) : "");
    }
    const auto frame = std::move(frames_.front());
    frames_.pop_front();
    if (as_text(frame.payload) != as_text(expected.payload)) return "it expects another payload";
    if (frame.lead != expected.lead) return "it expects other lead bytes";
    if (frame.filename != expected.filename) return "it expects the file name " + expected.filename;
    return std::nullopt;
  }

  std::optional<std::string> expect_closed() {
    if (!frames_.empty()) return "it expects a close before all whole frames are answered";
    if (!error_ && !is_finished_) return "it expects a close where the rules see no error";
    is_end_expected_ = true;
    return std::nullopt;
  }

  /// Time, of which the bytes know nothing, ends a connection inside a frame.
  std::optional<std::string> expect_timed_close() {
    if (!frames_.empty()) return "it expects a close before all whole frames are answered";
    if (error_ || deframer_->at_frame_boundary()) {
      return "it expects that time is up where the rules see no frame under way";
    }
    is_end_expected_ = is_finished_ = true;
    return std::nullopt;
  }

  [[nodiscard]] std::optional<std::string> at_end() const {
    if (is_aborted_) return std::nullopt;
    if (!frames_.empty()) return "a whole frame is sent whose answer is never expected";
    if (error_ && !is_end_expected_)
      return "the rules see an error, and no close is expected: " + to_string(*error_);
    if (is_finished_ && !is_end_expected_)
      return "the stream is finished, and no close is expected";
    return std::nullopt;
  }

  [[nodiscard]] bool is_open() const {
    return !error_ && !is_finished_ && !is_aborted_ && deframer_->at_frame_boundary();
  }

 private:
  std::unique_ptr<FrameDeframer> deframer_;
  std::deque<ExpectedFrame> frames_;           // whole, and not yet expected
  std::optional<ExpectedFrame> flood_answer_;  // not yet expected
  std::optional<Error> error_;
  bool is_finished_ = false;
  bool is_aborted_ = false;
  bool is_end_expected_ = false;
};

/// Carries out one action; gives the difference, if there is one.
struct Carrier {
  Connection& connection;

  std::optional<std::string> operator()(const Open&) const { return std::nullopt; }
  std::optional<std::string> operator()(const Send& send) const {
    connection.send(send.bytes);
    return std::nullopt;
  }
  std::optional<std::string> operator()(const Flood& flood) const {
    connection.flood(flood);
    return std::nullopt;
  }
  std::optional<std::string> operator()(const ExpectFlood&) const {
    return connection.expect_flood();
  }
  std::optional<std::string> operator()(const Pause&) const { return std::nullopt; }
  std::optional<std::string> operator()(const Finish&) const {
    connection.finish();
    return std::nullopt;
  }
  std::optional<std::string> operator()(const Abort&) const {
    connection.abort();
    return std::nullopt;
  }
  std::optional<std::string> operator()(const ExpectFrames& expected) const {
    for (const auto& frame : expected.frames) {
      if (auto difference = connection.expect(frame)) return difference;
    }
    return std::nullopt;
  }
  std::optional<std::string> operator()(const ExpectClosed& closed) const {
    return closed.within ? connection.expect_timed_close() : connection.expect_closed();
  }
  std::optional<std::string> operator()(const ExpectStalled&) const { return std::nullopt; }
  std::optional<std::string> operator()(const ExpectMemoryGrowth&) const { return std::nullopt; }
  std::optional<std::string> operator()(const ExpectDescriptorGrowth&) const {
    return std::nullopt;
  }
  std::optional<std::string> operator()(const MeasureWork&) const { return std::nullopt; }
  std::optional<std::string> operator()(const ExpectWork&) const { return std::nullopt; }
  std::optional<std::string> operator()(const Await&) const { return std::nullopt; }
  std::optional<std::string> operator()(const ExpectExit&) const { return std::nullopt; }
  std::optional<std::string> operator()(const ExpectAnswer&) const { return std::nullopt; }
};

}  // namespace

Agreement check_agreement(const Dialect& dialect, std::span<const Step> steps) {
  std::map<std::string, Connection> connections;
  connections.emplace("main", dialect);
  const auto disagree = [&](std::size_t step, const std::string& text) {
    return Agreement{"step " + std::to_string(step + 1) + ": " + text, false};
  };
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const auto& step = steps[i];
    if (std::holds_alternative<Open>(step.action)) {
      if (!connections.emplace(step.connection, dialect).second) {
        return disagree(i, "the connection \"" + step.connection + "\" is there already");
      }
      continue;
    }
    const auto connection = connections.find(step.connection);
    if (connection == connections.end())
      return disagree(i, "there is no connection \"" + step.connection + "\" yet");
    if (auto difference = std::visit(Carrier{connection->second}, step.action))
      return disagree(i, *difference);
  }
  for (const auto& [name, connection] : connections) {
    if (auto difference = connection.at_end())
      return {"at the end, on \"" + name + "\": " + *difference, false};
  }
  return {std::nullopt, connections.at("main").is_open()};
}

}  // namespace framespec::conformance
