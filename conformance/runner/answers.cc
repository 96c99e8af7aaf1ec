#include "runner/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "framespec/hex.h"

namespace framespec::conformance {
namespace {

constexpr std::size_t kPartialKept = 32;
constexpr std::size_t kPreviewed = 24;

bool is_plain_text(Bytes bytes) {
  return std::ranges::all_of(
      as_text(bytes), [](char letter) { return letter >= 0x20 && letter < 0x7f && letter != '"'; });
}

std::string hex(Bytes bytes) {
  std::string text;
  for (const std::byte byte : bytes) {
    text += fmt::format("{}{:02x}", text.empty() ? "" : " ", std::to_integer<unsigned>(byte));
  }
  return text;
}

}  // namespace

Answers::Answers(const Dialect& dialect, Observation observed)
    : observed_(std::move(observed)),
      deframer_(observed_.frames ? *observed_.frames : dialect, DigestCheck::kVerify) {}

void Answers::add(Bytes bytes) {
  if (observed_.form == Observation::Form::kHex) {
    add_lines(bytes);
  } else {
    add_frames(bytes);
  }
}

void Answers::add_frames(Bytes bytes) {
  while (!error_) {
    const Bytes rest = bytes;
    auto next = deframer_.next(bytes);
    if (!next) error_ = to_string(next.error());
    if (!next || !*next) return remember_partial(rest);
    const Frame& frame = **next;
    add_frame({.lead = ByteVector(frame.lead.begin(), frame.lead.end()),
               .filename = frame.header != nullptr ? frame.header->filename : "",
               .payload = ByteVector(frame.payload.begin(), frame.payload.end())});
  }
}

void Answers::add_lines(Bytes bytes) {
  for (std::string_view text = as_text(bytes); !text.empty() && !error_;) {
    const std::size_t end = text.find('\n');
    const std::string_view part = text.substr(0, end);
    line_ += part;
    remember_partial(as_bytes(part));
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
    auto payload = read_hex(std::exchange(line_, {}));
    if (!payload) {
      error_ = "a line that is not hexadecimal: " + payload.error().message;
    } else {
      add_frame({.lead = {}, .filename = {}, .payload = *std::move(payload)});
    }
  }
}

void Answers::add_frame(ReceivedFrame frame) {
  frames_.push_back(std::move(frame));
  partial_.clear();
  partial_size_ = 0;
  right_so_far_ = 0;
}

void Answers::remember_partial(Bytes bytes) {
  partial_size_ += bytes.size();
  if (partial_.size() >= kPartialKept) return;
  const Bytes kept = bytes.first(std::min(bytes.size(), kPartialKept - partial_.size()));
  partial_.insert(partial_.end(), kept.begin(), kept.end());
}

std::optional<std::string> Answers::cannot_become(const ExpectedFrame& expected) {
  const auto begun = deframer_.begun();
  if (!begun || has_frame()) return std::nullopt;
  const Bytes payload(expected.payload);
  if (begun->payload_size != payload.size()) {
    return fmt::format("the beginning of a frame of {} bytes ({})", begun->payload_size,
                       preview(partial_));
  }
  const Bytes come = begun->payload.subspan(right_so_far_);
  const Bytes wanted = payload.subspan(right_so_far_, come.size());
  if (as_text(come) == as_text(wanted)) {
    right_so_far_ = begun->payload.size();
    return std::nullopt;
  }
  const auto first = std::ranges::mismatch(come, wanted).in1 - come.begin();
  return fmt::format("the first {} bytes of a frame, the first other byte at {}",
                     begun->payload.size(), right_so_far_ + static_cast<std::size_t>(first));
}

std::optional<std::string> Answers::difference_from(const ExpectedFrame& expected,
                                                    const ReceivedFrame& frame) const {
  if (!observed_.is_on_stdout()) return difference(expected, frame);
  return difference({.payload = expected.payload, .lead = {}, .filename = {}},
                    {.lead = {}, .filename = {}, .payload = frame.payload});
}

std::optional<ReceivedFrame> Answers::take() {
  if (frames_.empty()) return std::nullopt;
  ReceivedFrame frame = std::move(frames_.front());
  frames_.pop_front();
  return frame;
}

std::optional<std::string> difference(const ExpectedFrame& expected, const ReceivedFrame& frame) {
  if (as_text(frame.payload) != as_text(expected.payload)) {
    if (frame.payload.size() != expected.payload.size()) return describe(frame);
    const auto first = std::ranges::mismatch(frame.payload, expected.payload).in1;
    return fmt::format("{}, the first other byte at {}", describe(frame),
                       first - frame.payload.begin());
  }
  if (frame.lead != expected.lead) {
    return fmt::format("the right payload behind the lead bytes {} instead of {}", hex(frame.lead),
                       hex(expected.lead));
  }
  if (frame.filename != expected.filename) {
    return fmt::format("the right payload under the filename \"{}\" instead of \"{}\"",
                       frame.filename, expected.filename);
  }
  return std::nullopt;
}

std::uint64_t largest_answer(const Plan& plan) {
  std::uint64_t largest = 0;
  for (const Step& step : plan.steps) {
    const auto* const expected = std::get_if<ExpectFrames>(&step.action);
    if (expected == nullptr) continue;
    for (const ExpectedFrame& frame : expected->frames) {
      largest = std::max<std::uint64_t>(largest, frame.payload.size());
    }
  }
  return largest;
}

std::string describe(const ExpectedFrame& frame) {
  if (frame.payload.empty()) return "an empty frame";
  return fmt::format("a frame of {} byte{} {}", frame.payload.size(),
                     frame.payload.size() == 1 ? "" : "s", preview(frame.payload));
}

std::string describe(const ReceivedFrame& frame) {
  return describe(ExpectedFrame{.payload = frame.payload, .lead = {}, .filename = {}});
}

std::string preview(Bytes bytes) {
  if (bytes.empty()) return "\"\"";
  const bool is_text = is_plain_text(bytes);
  const auto shown = [is_text](Bytes part) {
    return is_text ? fmt::format("\"{}\"", as_text(part)) : hex(part);
  };
  if (bytes.size() <= kPreviewed) return shown(bytes);
  return fmt::format("{} … {}", shown(bytes.first(kPreviewed / 2)),
                     shown(bytes.last(kPreviewed / 4)));
}

}  // namespace framespec::conformance
