// The TCP conversations of a packet capture, as tshark lists its packets. Sans-IO.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace framespec::conformance {

/// What one side of a conversation said.
struct FlowSide {
  std::string address;  ///< "10.0.0.1:5432", "[::1]:5432"
  std::uint16_t port = 0;
  /// Bytes of its stream from the first one captured to the last, whether or not all between were.
  std::uint64_t size = 0;
};

struct Flow {
  std::uint32_t stream = 0;  ///< its number in tshark: `tcp.stream == 0`
  FlowSide client;
  FlowSide service;
  bool has_beginning = false;     ///< a SYN of it was captured, which tells who is the client
  bool has_client_ended = false;  ///< by a FIN, before a FIN or RST of the service
  std::uint64_t answered_before_end = 0;  ///< bytes of the service, when the client had ended
  bool is_cut = false;                    ///< not all bytes of all packets were captured

  /// Whether this is the address of the client and not of the service, as tshark writes it.
  [[nodiscard]] bool is_client(std::string_view address) const;
};

/// "10.0.0.1:50000 to 10.0.0.2:5432".
[[nodiscard]] std::string to_string(const Flow& flow);

/// Of the packets, in their order.
class CaptureFlows {
 public:
  /// So many are told apart in bounded memory.
  static constexpr std::size_t kFlowsMax = 100000;

  /// The fields that tshark is asked for (`-T fields -e …`), one line a packet.
  [[nodiscard]] static std::span<const std::string_view> fields();

  enum class Taken : std::uint8_t { kYes, kTooMany, kNotUnderstood };
  /// A line: the next packet, of TCP or not.
  [[nodiscard]] Taken take(std::string_view line);

  [[nodiscard]] std::uint64_t packet_count() const noexcept { return packet_count_; }
  [[nodiscard]] std::uint64_t tcp_packet_count() const noexcept { return tcp_packet_count_; }

  /// Those in which a byte was said, in the order of their numbers.
  [[nodiscard]] std::vector<Flow> with_bytes() const;

 private:
  struct Side {
    FlowSide said;
    bool is_seen = false;
    std::uint32_t next = 0;  ///< the sequence number behind the last byte
    bool has_ended = false;
    /// What the other side had said when this one ended its stream first.
    std::optional<std::uint64_t> answered_before_end{};
  };
  struct State {
    std::array<Side, 2> sides;  ///< the sender of the first packet, and the other one
    std::size_t client = 0;     ///< which of them
    bool has_beginning = false;
    bool is_cut = false;
  };

  void take_packet(State& state, std::span<const std::string_view> values);

  std::map<std::uint32_t, State> flows_;
  std::uint64_t packet_count_ = 0;
  std::uint64_t tcp_packet_count_ = 0;
};

}  // namespace framespec::conformance
