#include "recording/capture_flows.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>

namespace framespec::conformance {
namespace {

enum Field : std::size_t {
  kStream,
  kSource4,
  kSource6,
  kSourcePort,
  kTarget4,
  kTarget6,
  kTargetPort,
  kSequence,
  kSize,
  kFlags,
  kCapturedSize,
  kPacketSize,
  kFieldCount,
};

constexpr std::array<std::string_view, kFieldCount> kFields{
    "tcp.stream",  "ip.src",      "ipv6.src", "tcp.srcport", "ip.dst",        "ipv6.dst",
    "tcp.dstport", "tcp.seq_raw", "tcp.len",  "tcp.flags",   "frame.cap_len", "frame.len"};

constexpr std::uint32_t kFin = 0x01;
constexpr std::uint32_t kSyn = 0x02;
constexpr std::uint32_t kRst = 0x04;
constexpr std::uint32_t kAck = 0x10;

/// In decimal digits, or in hexadecimal ones behind 0x.
std::optional<std::uint32_t> number_in(std::string_view text) {
  const bool is_hex = text.starts_with("0x");
  if (is_hex) text.remove_prefix(2);
  std::uint32_t number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, is_hex ? 16 : 10);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::optional<std::array<std::string_view, kFieldCount>> values_in(std::string_view line) {
  std::array<std::string_view, kFieldCount> values;
  for (std::size_t field = 0; field < kFieldCount; ++field) {
    const std::size_t size = line.find('\t');
    if ((size == std::string_view::npos) != (field + 1 == kFieldCount)) return std::nullopt;
    values.at(field) = line.substr(0, size);
    line.remove_prefix(field + 1 == kFieldCount ? line.size() : size + 1);
  }
  return values;
}

FlowSide side_of(std::string_view address4, std::string_view address6, std::string_view port) {
  return {.address = address4.empty() ? fmt::format("[{}]:{}", address6, port)
                                      : fmt::format("{}:{}", address4, port),
          .port = static_cast<std::uint16_t>(number_in(port).value_or(0))};
}

}  // namespace

bool Flow::is_client(std::string_view address) const {
  if (client.port == service.port) return address == client.address;
  // Inside a tunnel a packet has several addresses, of which one has to do here.
  return address.substr(address.rfind(':') + 1) == std::to_string(client.port);
}

std::string to_string(const Flow& flow) {
  return fmt::format("{} to {}", flow.client.address, flow.service.address);
}

std::span<const std::string_view> CaptureFlows::fields() { return kFields; }

CaptureFlows::Taken CaptureFlows::take(std::string_view line) {
  const auto values = values_in(line);
  if (!values) return Taken::kNotUnderstood;
  ++packet_count_;
  if (values->at(kStream).empty()) return Taken::kYes;
  const auto stream = number_in(values->at(kStream));
  if (!stream) return Taken::kNotUnderstood;
  ++tcp_packet_count_;
  const auto [flow, is_new] = flows_.try_emplace(*stream);
  State& state = flow->second;
  if (is_new) {
    if (flows_.size() > kFlowsMax) return Taken::kTooMany;
    state.sides[0].said =
        side_of(values->at(kSource4), values->at(kSource6), values->at(kSourcePort));
    state.sides[1].said =
        side_of(values->at(kTarget4), values->at(kTarget6), values->at(kTargetPort));
    // Until a SYN tells: services have the lower ports.
    state.client = state.sides[0].said.port >= state.sides[1].said.port ? 0 : 1;
  }
  take_packet(state, *values);
  return Taken::kYes;
}

void CaptureFlows::take_packet(State& state, std::span<const std::string_view> values) {
  const auto sequence = number_in(values[kSequence]);
  const auto size = number_in(values[kSize]);
  const auto flags = number_in(values[kFlags]);
  if (!sequence || !size || !flags) {
    state.is_cut = true;  // inside its header
    return;
  }
  const FlowSide source = side_of(values[kSource4], values[kSource6], values[kSourcePort]);
  const std::size_t sender = source.address == state.sides[0].said.address ? 0 : 1;
  Side& side = state.sides.at(sender);
  if ((*flags & kSyn) != 0 && !state.has_beginning) {
    state.has_beginning = true;
    state.client = (*flags & kAck) == 0 ? sender : 1 - sender;
  }
  // What a reset says of where the stream is need not be so.
  if ((*flags & kRst) == 0) {
    const std::uint32_t begin = *sequence + ((*flags & kSyn) != 0 ? 1 : 0);
    if (!std::exchange(side.is_seen, true)) side.next = begin;
    const std::uint32_t end = begin + *size;
    // Behind a FIN a mere acknowledgement stands one further, where there is no byte.
    const bool tells_end = *size > 0 || (*flags & kFin) != 0;
    if (const auto more = static_cast<std::int32_t>(end - side.next); tells_end && more > 0) {
      side.said.size += static_cast<std::uint32_t>(more);
      side.next = end;
    }
  }
  state.is_cut |= *size > 0 && values[kCapturedSize] != values[kPacketSize];
  if ((*flags & (kFin | kRst)) == 0) return;
  const bool is_first = !std::exchange(side.has_ended, true);
  const bool is_orderly = (*flags & kRst) == 0;
  const Side& other = state.sides.at(1 - sender);
  if (is_first && is_orderly && !other.has_ended) side.answered_before_end = other.said.size;
}

std::vector<Flow> CaptureFlows::with_bytes() const {
  std::vector<Flow> flows;
  for (const auto& [stream, state] : flows_) {
    const FlowSide& client = state.sides.at(state.client).said;
    const auto answered_before_end = state.sides.at(state.client).answered_before_end;
    const FlowSide& service = state.sides.at(1 - state.client).said;
    if (client.size == 0 && service.size == 0) continue;
    flows.push_back({.stream = stream,
                     .client = client,
                     .service = service,
                     .has_beginning = state.has_beginning,
                     .has_client_ended = answered_before_end.has_value(),
                     .answered_before_end = answered_before_end.value_or(0),
                     .is_cut = state.is_cut});
  }
  return flows;
}

}  // namespace framespec::conformance
