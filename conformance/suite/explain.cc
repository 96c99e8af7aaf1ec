#include <algorithm>
#include <array>
#include <string>
#include <variant>

#include "framespec/printable.h"
#include "framespec/segmentation.h"
#include "suite/spec_rules.h"
#include "suite/suite.h"

namespace framespec::conformance {
namespace {

constexpr std::size_t kBytesOfLine = 16;
// A part of a frame is shown up to here, and of a longer one its start and its end.
constexpr std::size_t kShownMax = 96;
constexpr std::size_t kShownAtEnd = 16;
constexpr std::size_t kFramesShown = 6;
constexpr std::size_t kCutsShown = 12;

std::string first_sentence(std::string_view text) {
  const auto end = text.find(". ");
  return std::string(end == std::string_view::npos ? text : text.substr(0, end + 1));
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

void append_hex(std::string& out, std::byte byte) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += kDigits[std::to_integer<unsigned>(byte) >> 4U];
  out += kDigits[std::to_integer<unsigned>(byte) & 15U];
}

/// Lines of offset, hex and text, as a hex dump has them; '|' stands before the first byte of a
/// segment.
std::string dump(Bytes bytes, std::uint64_t first, std::uint64_t end,
                 std::span<const std::uint64_t> cuts) {
  std::string out;
  for (auto line = first; line < end; line += kBytesOfLine) {
    const auto line_end = std::min<std::uint64_t>(line + kBytesOfLine, end);
    auto offset = std::to_string(line);
    out += std::string(10 - std::min<std::size_t>(10, offset.size()), ' ') + offset + " ";
    std::string text;
    for (auto at = line; at < line_end; ++at) {
      out += std::ranges::binary_search(cuts, at) ? '|' : ' ';
      append_hex(out, bytes[at]);
      const auto value = std::to_integer<unsigned char>(bytes[at]);
      text += value >= 0x20 && value < 0x7f ? static_cast<char>(value) : '.';
    }
    out += std::string(3 * (kBytesOfLine - (line_end - line)) + 2, ' ') + text + "\n";
  }
  return out;
}

std::string dump_shortened(Bytes bytes, std::uint64_t first, std::uint64_t end,
                           std::span<const std::uint64_t> cuts) {
  if (end - first <= kShownMax) return dump(bytes, first, end, cuts);
  const auto tail = end - kShownAtEnd;
  const auto head_end = first + kShownMax - 2 * kShownAtEnd;
  return dump(bytes, first, head_end, cuts) + "           … " + counted(tail - head_end, "byte") +
         " …\n" + dump(bytes, tail, end, cuts);
}

std::string describe_segments(const Segmentation& segmentation) {
  std::string out = "      in " + counted(segmentation.segment_count(), "segment") + " (" +
                    segmentation.name() + ")";
  const auto cuts = segmentation.cuts();
  if (!cuts.empty()) {
    out += ", cut at ";
    for (std::size_t i = 0; i < std::min(cuts.size(), kCutsShown); ++i) {
      out += (i == 0 ? "" : ", ") + std::to_string(cuts[i]);
    }
    if (cuts.size() > kCutsShown) out += ", …, " + std::to_string(cuts.back());
  }
  return out + "\n";
}

std::string describe_bytes(const Plan& plan, const Send& send) {
  const auto name = send.arrival ? plan.segmentation : "whole";
  const auto parsed = Segmentation::parse(name, send.bytes.size(), send.frame_ends);
  const auto segmentation = parsed ? *parsed : Segmentation::whole(send.bytes.size());
  std::string out = describe_segments(segmentation);
  if (send.arrival && send.arrival->is_coalesced) {
    out += "      all of them queued before the testee may read any\n";
  }
  if (send.arrival && send.arrival->is_with_end) {
    out += "      the end of the stream queued with the last segment\n";
  }
  std::uint64_t first = 0;
  for (const step::Copy& copy : send.copies) {
    out += "      " + counted(copy.size, "byte") + " from offset " + std::to_string(copy.from) +
           " of the request copied to offset " + std::to_string(copy.to) + "\n";
  }
  for (std::size_t i = 0; i < send.frame_ends.size(); ++i) {
    if (i == kFramesShown) {
      return out + "      … " + counted(send.frame_ends.size() - i, "more frame") + "\n";
    }
    out += "      frame " + std::to_string(i + 1) + ", bytes " + std::to_string(first) + " to " +
           std::to_string(send.frame_ends[i] - 1) + "\n";
    out += dump_shortened(send.bytes, first, send.frame_ends[i], segmentation.cuts());
    first = send.frame_ends[i];
  }
  if (first < send.bytes.size()) {
    out += "      no whole frame, bytes " + std::to_string(first) + " to " +
           std::to_string(send.bytes.size() - 1) + "\n";
    out += dump_shortened(send.bytes, first, send.bytes.size(), segmentation.cuts());
  }
  return out;
}

std::string describe_frame(const ExpectedFrame& frame) {
  std::string out = "      payload of " + counted(frame.payload.size(), "byte");
  if (!frame.filename.empty())
    out += ", file name \"" + printable(frame.filename) + "\", right md5 and total_size";
  return out + "\n" + dump_shortened(frame.payload, 0, frame.payload.size(), {});
}

struct Describer {
  const Plan& plan;

  std::string operator()(const Open&) const { return "is opened\n"; }
  std::string operator()(const Send& send) const {
    return "send " + counted(send.bytes.size(), "byte") + "\n" + describe_bytes(plan, send);
  }
  std::string operator()(const Flood& flood) const {
    const auto size = counted(flood.bytes.size(), "byte");
    const auto total = counted(flood.total_bytes, "byte");
    const auto bytes = dump_shortened(flood.bytes, 0, flood.bytes.size(), {});
    if (flood.goes_on) {
      return "send the same " + size + " again and again and read the answers; after " + total +
             " go on with it beside the next steps\n" + bytes;
    }
    return "without reading, send the same " + size + " again and again, up to " + total +
           " or until the testee takes no more\n" + bytes;
  }
  std::string operator()(const ExpectFlood&) const {
    return "end the flood, and expect an answer to each frame of it\n";
  }
  std::string operator()(const Finish& finish) const {
    return std::string("end the stream (shut down the sending side)") +
           (finish.at_once ? ", without waiting for anything" : "") + "\n";
  }
  std::string operator()(const Pause& pause) const {
    return "wait for " + std::to_string(pause.time.count()) + " ms\n";
  }
  std::string operator()(const Abort&) const { return "reset the connection\n"; }
  std::string operator()(const ExpectFrames& expected) const {
    std::string out = "expect " + counted(expected.frames.size(), "frame") + " as answer" +
                      (expected.frames.size() == 1 ? "" : "s, in this order") + "\n";
    for (std::size_t i = 0; i < std::min(expected.frames.size(), kFramesShown); ++i) {
      out += describe_frame(expected.frames[i]);
    }
    if (expected.frames.size() > kFramesShown) {
      out += "      … " + counted(expected.frames.size() - kFramesShown, "more frame") + "\n";
    }
    return out;
  }
  std::string operator()(const ExpectClosed& closed) const {
    return std::string("expect that the testee ends the connection") +
           (closed.graceful ? " gracefully, without a reset" : "") + ", without another byte" +
           (closed.within ? ", within " + std::to_string(closed.within->count()) + " ms" : "") +
           "\n";
  }
  std::string operator()(const ExpectStalled& stalled) const {
    return "expect that the testee has stopped reading, so that at most " +
           counted(stalled.bytes_max, "byte") + " of the flood could be sent\n";
  }
  std::string operator()(const ExpectMemoryGrowth& memory) const {
    return std::string("expect that the testee's memory") +
           (memory.only_in_use ? " in use" : ", reserved or in use,") + " has grown by at most " +
           counted(memory.bytes_max, "byte") + "\n";
  }
  std::string operator()(const ExpectDescriptorGrowth& descriptors) const {
    return "when all connections have ended, expect at most " +
           counted(descriptors.extra_max, "more descriptor") + " of the testee than before\n";
  }
  std::string operator()(const MeasureWork& measure) const {
    return "from here on the testee's processor time counts as \"" + printable(measure.name) +
           "\"\n";
  }
  std::string operator()(const ExpectWork& work) const {
    return "expect that \"" + printable(work.of) + "\" has cost at most " +
           counted(work.times_max, "time") + " the processor time of \"" + printable(work.against) +
           "\"\n";
  }
  std::string operator()(const Await& await) const {
    if (const auto* bytes = std::get_if<step::AwaitBytes>(&await.what)) {
      return "wait for a request of " + counted(bytes->size, "byte") + "\n";
    }
    if (const auto* until = std::get_if<step::AwaitUntil>(&await.what)) {
      return "wait for a request that ends in\n" +
             dump_shortened(until->bytes, 0, until->bytes.size(), {});
    }
    return "wait for a request of one frame of the dialect \"" +
           printable(std::get<step::AwaitFrame>(await.what).dialect.name) + "\"\n";
  }
  std::string operator()(const ExpectExit& exit) const {
    using Like = ExpectExit::Like;
    std::string out = "expect that the client comes to its end by itself";
    if (exit.like == Like::kControl) {
      out += ", with the exit status and the standard output that it has unsplit";
    } else if (exit.like == Like::kControlIfSameStatus) {
      out +=
          ", and if with the exit status that it has unsplit, then with that standard output too";
    } else if (exit.like == Like::kNotControl) {
      out += ", with another exit status or another standard output than unsplit";
    }
    return out + "\n";
  }
  std::string operator()(const ExpectAnswer& answer) const {
    std::string out = "expect " + counted(answer.bytes.size(), "byte") + " in answer";
    for (const step::Stretch& stretch : answer.varies) {
      out += (&stretch == answer.varies.data() ? "; any may be those from " : ", ") +
             std::to_string(stretch.from) + " to " + std::to_string(stretch.to - 1);
    }
    return out + "\n" + dump_shortened(answer.bytes, 0, answer.bytes.size(), {});
  }
};

}  // namespace

std::string explain(const Plan& plan) {
  // A case can open hundreds of connections that do the same.
  constexpr std::size_t kStepsShown = 40;
  std::string out = plan.id + "\n\n  " + printable(plan.title) + "\n";
  out += "  Finds: " + printable(plan.why) + "\n";
  if (!plan.remedy.empty()) out += "  Remedy: " + printable(plan.remedy) + "\n";
  out += "  Level: " + std::string(name_of(plan.level)) + "\n";
  for (const auto& id : plan.rules) {
    const auto* rule = find_spec_rule(id);
    if (rule != nullptr) out += "  " + id + ": " + first_sentence(rule->text) + "\n";
  }
  if (plan.control_id != plan.id) out += "  Control: " + plan.control_id + "\n";
  out += "\n";
  for (std::size_t i = 0; i < std::min(plan.steps.size(), kStepsShown); ++i) {
    const auto& step = plan.steps[i];
    out += "  " + std::to_string(i + 1) + ". " + printable(step.connection) + ": " +
           std::visit(Describer{plan}, step.action);
  }
  if (plan.steps.size() > kStepsShown) {
    out += "  … " + counted(plan.steps.size() - kStepsShown, "more step") + "\n";
  }
  if (plan.after == After::kMainOpen) out += "  Then a sentinel frame on main must be answered.\n";
  if (plan.after == After::kMainEnded) {
    out += "  Then a sentinel frame on a new connection must be answered.\n";
  }
  return out;
}

}  // namespace framespec::conformance
