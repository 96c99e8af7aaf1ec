#include "outputs/phenomenon_capture.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>

#include "outputs/pcapng.h"

namespace framespec::conformance {
namespace {

using Ports = std::pair<std::uint16_t, std::uint16_t>;

/// Of both ends of the packet's connection, the lesser first; nothing of what is no TCP over IPv4.
std::optional<Ports> ports_of(Bytes packet) {
  constexpr std::size_t kIpHeaderMin = 20;
  constexpr std::size_t kProtocolAt = 9;
  constexpr unsigned kTcp = 6;
  const auto number = [&packet](std::size_t at) { return std::to_integer<unsigned>(packet[at]); };
  if (packet.size() < kIpHeaderMin || number(0) >> 4U != 4 || number(kProtocolAt) != kTcp) {
    return std::nullopt;
  }
  const std::size_t tcp = std::size_t{4} * (number(0) & 0xfU);
  if (packet.size() < tcp + 4) return std::nullopt;
  const auto port = [&number](std::size_t at) {
    return static_cast<std::uint16_t>(number(at) << 8U | number(at + 1));
  };
  return std::minmax({port(tcp), port(tcp + 2)});
}

}  // namespace

std::string phenomenon_capture(const phenomena::Phenomenon& phenomenon,
                               const phenomena::Played& played,
                               std::vector<os::CapturedPacket> packets, std::uint32_t lost,
                               const std::string& writer) {
  std::map<Ports, std::string> connections;
  for (const auto& each : played.connections) {
    connections.emplace(std::minmax({each.left_port, each.right_port}), each.what);
  }
  std::vector<CommentedPacket> kept;
  for (os::CapturedPacket& packet : packets) {
    const auto ports = ports_of(packet.bytes);
    const auto found = ports ? connections.find(*ports) : connections.end();
    if (found == connections.end()) continue;
    kept.push_back({.bytes = std::move(packet.bytes), .comment = found->second, .at = packet.at});
  }
  const std::string missing =
      lost == 0 ? "" : fmt::format("\n{} packets are missing: there was no room for them.", lost);
  return pcapng(kept,
                fmt::format("framespec show {}: {}\n{}\nThese packets were captured on the "
                            "loopback interface while it was played.{}",
                            phenomenon.name, phenomenon.statement, played.seen, missing),
                writer);
}

}  // namespace framespec::conformance
