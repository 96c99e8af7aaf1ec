// The frames that a testee sends back on one connection, and how they compare with the expected
// ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "framespec/bytes.h"
#include "framespec/dialect.h"
#include "framespec/frame_deframer.h"
#include "runner/observation.h"
#include "suite/plan.h"

namespace framespec::conformance {

/// One whole frame that came.
struct ReceivedFrame {
  ByteVector lead;
  std::string filename;
  ByteVector payload;
};

/// Takes apart what comes; md5 and total_size of a JSON header are checked too (HDR-12).
class Answers {
 public:
  /// `dialect` is the one under test, and must outlive the object.
  explicit Answers(const Dialect& dialect, Observation observed = {});

  void add(Bytes bytes);

  /// The oldest frame not yet taken.
  [[nodiscard]] std::optional<ReceivedFrame> take();
  [[nodiscard]] bool has_frame() const noexcept { return !frames_.empty(); }
  [[nodiscard]] const ReceivedFrame& front() const { return frames_.front(); }

  /// Why the frame that has begun can no more become `expected`, as a phrase that says what came;
  /// nothing while it can. For one that comes slowly: what is wrong is known before it is whole.
  /// Until it is whole, `expected` must be the same: each of its bytes is compared once.
  [[nodiscard]] std::optional<std::string> cannot_become(const ExpectedFrame& expected);

  /// What is wrong with `frame`, as difference() says it; where only payloads are shown, only that
  /// of the payload.
  [[nodiscard]] std::optional<std::string> difference_from(const ExpectedFrame& expected,
                                                           const ReceivedFrame& frame) const;

  /// Why the bytes are no answers, in words, once they are none; frames before can be taken.
  [[nodiscard]] const std::optional<std::string>& error() const noexcept { return error_; }

  /// Bytes behind the last whole frame: how many, and the first few of them.
  [[nodiscard]] std::uint64_t partial_size() const noexcept { return partial_size_; }
  [[nodiscard]] Bytes partial() const noexcept { return partial_; }

 private:
  void add_frames(Bytes bytes);
  void add_lines(Bytes bytes);
  void add_frame(ReceivedFrame frame);
  void remember_partial(Bytes bytes);

  Observation observed_;
  FrameDeframer deframer_;
  std::string line_;  // of Form::kHex, as far as it has come

  std::deque<ReceivedFrame> frames_;
  std::optional<std::string> error_;
  ByteVector partial_;
  std::uint64_t partial_size_ = 0;
  std::size_t right_so_far_ = 0;  // bytes of its payload, as cannot_become() has found
};

/// What is wrong with `frame`, as a phrase that says what came; nothing if it is as expected.
[[nodiscard]] std::optional<std::string> difference(const ExpectedFrame& expected,
                                                    const ReceivedFrame& frame);

/// Bytes of the largest payload that a plan wants an answer to.
[[nodiscard]] std::uint64_t largest_answer(const Plan& plan);

/// "a frame of 5 bytes "hello"": a phrase.
[[nodiscard]] std::string describe(const ExpectedFrame& frame);
[[nodiscard]] std::string describe(const ReceivedFrame& frame);

/// A payload in a few characters: text in quotes where it is text, else hex; its middle left out.
[[nodiscard]] std::string preview(Bytes bytes);

}  // namespace framespec::conformance
