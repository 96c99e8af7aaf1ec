// The packets of a TCP connection, made up such that any reader of captures takes them for one.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "framespec/bytes.h"
#include "outputs/pcapng.h"

namespace framespec::conformance {

/// Who sends a packet: the side that connected, or the one that it connected to.
enum class TalkSide : std::uint8_t { kConnecting, kListening };

[[nodiscard]] constexpr TalkSide other(TalkSide side) noexcept {
  return side == TalkSide::kConnecting ? TalkSide::kListening : TalkSide::kConnecting;
}

/// The packets of several connections, in order of time.
struct TalkPackets {
  std::vector<CommentedPacket> packets;
  std::chrono::microseconds now{0};  ///< of the next one; each takes a microsecond
};

/// Where nothing tells the port of the listening side: one that no protocol has.
inline constexpr std::uint16_t kMadeUpPort = 40'000;

/// Both ends are at the loopback address.
struct TalkPlace {
  bool is_ipv6 = false;
  std::uint16_t connecting_port = 0;
  std::uint16_t listening_port = 0;
};

/// One connection. What is sent behind an end or a reset of its side is left out.
class TcpTalk {
 public:
  /// `packets` must outlive it.
  TcpTalk(TalkPackets& packets, const TalkPlace& place) : packets_(packets), place_(place) {}

  /// The handshake.
  void open(const std::string& comment);
  /// The side that is connected to takes no connection.
  void refuse(const std::string& comment);
  /// One packet, or more where one cannot hold the bytes; then one that acknowledges them, with
  /// the comment `taken`. With `is_with_end` the last packet is also the end of what is sent.
  void send(TalkSide from, Bytes data, const std::string& comment, const std::string& taken,
            bool is_with_end = false);
  /// The end of what this side sends.
  void finish(TalkSide from, const std::string& comment);
  void reset(TalkSide from, const std::string& comment);

 private:
  struct End {
    std::uint32_t next = 0;  ///< sequence number
    bool has_finished = false;
  };
  void packet(TalkSide from, std::uint8_t flags, Bytes data, std::string comment);
  [[nodiscard]] End& end_of(TalkSide side) {
    return side == TalkSide::kConnecting ? connecting_ : listening_;
  }

  TalkPackets& packets_;
  TalkPlace place_;
  End connecting_;
  End listening_;
  bool is_over_ = false;
};

}  // namespace framespec::conformance
