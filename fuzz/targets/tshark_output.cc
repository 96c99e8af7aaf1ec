// What tshark prints of a packet capture, on any text: the list of packets up to an empty line, and
// what was said. The conversation that is made of it is that of a simpler reader, and a recording
// that can be played.
#include <algorithm>
#include <charconv>

#include "conformance/recording/capture_flows.h"
#include "conformance/recording/follow_output.h"
#include "conformance/recording/lines.h"
#include "framespec/replay.h"
#include "framespec/step_order.h"
#include "oracles/violation.h"
#include "target.h"

namespace framespec::fuzz {
namespace {

using conformance::CaptureFlows;
using conformance::Conversation;
using conformance::Flow;
using conformance::FollowOutput;
using conformance::Lines;
using conformance::Speaker;

constexpr std::uint64_t kSequenceStepMax = std::uint64_t{1} << 31U;
constexpr std::size_t kFlowsFollowed = 4;

using Text = std::vector<std::string_view>;  // its lines

/// Those that have an end.
Text lines_of(std::string_view text) {
  Text lines;
  for (std::size_t size = 0; (size = text.find('\n')) != std::string_view::npos;) {
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size + 1);
  }
  return lines;
}

/// In pieces of that size.
Violation check_lines(std::string_view text, std::size_t piece_size, const Text& expected) {
  Lines lines;
  std::size_t count = 0;
  bool is_same = true;
  for (std::size_t at = 0; at < text.size(); at += piece_size) {
    lines.add(text.substr(at, piece_size), [&](std::string_view line) {
      is_same &= count < expected.size() && line == expected[count];
      ++count;
      return true;
    });
  }
  if (is_same && count == expected.size()) return std::nullopt;
  return "in pieces of " + std::to_string(piece_size) + " bytes it has other lines";
}

Violation check_flows(const std::vector<Flow>& flows, std::uint64_t packets) {
  for (std::size_t index = 0; index < flows.size(); ++index) {
    const Flow& flow = flows[index];
    if (index > 0 && flow.stream <= flows[index - 1].stream) return "flows are out of order";
    const std::uint64_t size = flow.client.size + flow.service.size;
    if (size == 0) return "a flow has no bytes";
    if (size > packets * kSequenceStepMax) return "a flow has more bytes than its packets";
    if (flow.answered_before_end > flow.service.size) return "more was answered than was said";
  }
  return std::nullopt;
}

/// The bytes of a line as tshark prints it; nothing where it is of another form, that may be taken
/// or not.
std::optional<ByteVector> plain_bytes(std::string_view digits) {
  ByteVector bytes;
  for (; digits.size() >= 2; digits.remove_prefix(2)) {
    unsigned value = 0;
    if (std::from_chars(digits.data(), digits.data() + 2, value, 16).ptr != digits.data() + 2) {
      return std::nullopt;
    }
    bytes.push_back(static_cast<std::byte>(value));
  }
  if (!digits.empty() || bytes.empty()) return std::nullopt;
  return bytes;
}

/// Who said what, read by looking for the lines that stand around it.
std::optional<std::vector<Conversation::Turn>> plain_turns(const Flow& flow, const Text& text) {
  const auto node = std::ranges::find_if(
      text, [](std::string_view line) { return line.starts_with("Node 0: "); });
  if (text.end() - node < 2) return std::nullopt;
  const bool is_client_first = flow.is_client(node->substr(8));
  std::vector<Conversation::Turn> turns;
  for (auto line = node + 2; line != text.end() && !line->starts_with("==="); ++line) {
    const bool is_first = line->empty() || line->front() != '\t';
    const auto bytes = plain_bytes(is_first ? *line : line->substr(1));
    if (!bytes) return std::nullopt;
    const Speaker speaker = is_first == is_client_first ? Speaker::kClient : Speaker::kService;
    if (turns.empty() || turns.back().speaker != speaker) turns.push_back({speaker, {}});
    turns.back().bytes.insert(turns.back().bytes.end(), bytes->begin(), bytes->end());
  }
  return turns;
}

std::uint64_t size_of(const std::vector<Conversation::Turn>& turns, Speaker speaker) {
  std::uint64_t size = 0;
  for (const Conversation::Turn& turn : turns) {
    if (turn.speaker == speaker) size += turn.bytes.size();
  }
  return size;
}

std::expected<Conversation, std::string> conversation_of(const Flow& flow, const Text& text) {
  FollowOutput output(flow);
  for (const std::string_view line : text) {
    if (!output.take(line)) break;
  }
  return std::move(output).finish();
}

Violation check_recording(Conversation conversation) {
  const Replay replay = std::move(conversation).to_replay("talk");
  StepOrder order;
  for (const Step& step : replay.steps) {
    if (const std::string wrong = order.follow(step); !wrong.empty()) return "recorded: " + wrong;
  }
  if (const std::string wrong = order.end(); !wrong.empty()) return "recorded: " + wrong;
  const std::string written = to_ndjson(replay);
  const auto again = parse_replay(written);
  if (!again) return "recorded and not read: " + to_string(again.error()) + "\n" + written;
  if (again->steps != replay.steps) return "recorded and read otherwise:\n" + written;
  return std::nullopt;
}

Violation check_followed(const Flow& flow, const Text& text) {
  auto conversation = conversation_of(flow, text);
  if (!conversation) {
    const std::string& why = conversation.error();
    if (why.empty() || why.find('\n') != std::string::npos) return "refused without a sentence";
    return std::nullopt;
  }
  const auto& turns = conversation->turns();
  if (const auto plain = plain_turns(flow, text); plain && *plain != turns) {
    return "the turns are not those of the lines";
  }
  if (size_of(turns, Speaker::kClient) < flow.client.size ||
      size_of(turns, Speaker::kService) < flow.service.size) {
    return "taken for whole, and bytes are missing";
  }
  return check_recording(*std::move(conversation));
}

struct Printed {
  CaptureFlows flows;
  Text said;
};

Printed parse_printed(const Text& lines) {
  Printed printed;
  const auto division = std::ranges::find(lines, std::string_view());
  for (auto line = lines.begin(); line != division; ++line) {
    if (printed.flows.take(*line) != CaptureFlows::Taken::kYes) break;
  }
  printed.said.assign(division, lines.end());
  return printed;
}

Violation find_violation(std::string_view text) {
  const Text lines = lines_of(text);
  for (const std::size_t piece_size : {std::size_t{1}, std::size_t{7}, text.size() + 1}) {
    if (auto bad = check_lines(text, piece_size, lines)) return bad;
  }
  const Printed printed = parse_printed(lines);
  const std::vector<Flow> flows = printed.flows.with_bytes();
  if (auto bad = check_flows(flows, printed.flows.tcp_packet_count())) return bad;
  for (std::size_t index = 0; index < std::min(flows.size(), kFlowsFollowed); ++index) {
    if (auto bad = check_followed(flows[index], printed.said)) return bad;
  }
  return std::nullopt;
}

}  // namespace

void run_input(Bytes input) {
  if (const Violation bad = find_violation(as_text(input))) report_finding(*bad, input);
}

std::string explain_input(Bytes input) {
  const Printed printed = parse_printed(lines_of(as_text(input)));
  std::string text(as_text(input));
  for (const Flow& flow : printed.flows.with_bytes()) {
    auto conversation = conversation_of(flow, printed.said);
    text += "\n" + to_string(flow) + ", " + std::to_string(flow.client.size) + " bytes and " +
            std::to_string(flow.service.size) + " back, " +
            (conversation ? "read as\n" + to_ndjson(std::move(*conversation).to_replay("talk"))
                          : "refused: " + conversation.error() + "\n");
  }
  return text;
}

}  // namespace framespec::fuzz
