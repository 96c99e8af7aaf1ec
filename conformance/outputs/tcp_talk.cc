#include "outputs/tcp_talk.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace framespec::conformance {
namespace {

constexpr std::uint8_t kFin = 0x01;
constexpr std::uint8_t kSyn = 0x02;
constexpr std::uint8_t kReset = 0x04;
constexpr std::uint8_t kPush = 0x08;
constexpr std::uint8_t kAck = 0x10;

constexpr std::size_t kTcpHeaderSize = 20;
/// Below the window, so that no reader finds it full.
constexpr std::size_t kDataMax = 32'768;
constexpr std::uint16_t kWindow = 65'535;
constexpr std::uint8_t kTcp = 6;
constexpr unsigned kByteBits = 8;
constexpr std::uint64_t kByteMax = 0xff;

void put(ByteVector& bytes, std::uint64_t value, std::size_t size) {
  for (std::size_t index = size; index-- > 0;) {
    bytes.push_back(static_cast<std::byte>(value >> (kByteBits * index) & kByteMax));
  }
}
void put_16(ByteVector& bytes, std::uint64_t value) { put(bytes, value, 2); }
void put_32(ByteVector& bytes, std::uint64_t value) { put(bytes, value, 4); }
void set_16(ByteVector& bytes, std::size_t at, std::uint64_t value) {
  bytes[at] = static_cast<std::byte>(value >> kByteBits & kByteMax);
  bytes[at + 1] = static_cast<std::byte>(value & kByteMax);
}

void put_address(ByteVector& bytes, bool is_ipv6) {
  constexpr std::uint64_t kLoopback = 0x7f000001;
  if (!is_ipv6) return put_32(bytes, kLoopback);
  put(bytes, 0, 8);
  put(bytes, 1, 8);
}

/// The Internet checksum (RFC 1071).
std::uint16_t checksum(Bytes bytes) {
  constexpr unsigned kWordBits = 16;
  constexpr std::uint64_t kWordMax = 0xffff;
  std::uint64_t sum = 0;
  for (std::size_t at = 0; at < bytes.size(); at += 2) {
    sum += std::to_integer<std::uint64_t>(bytes[at]) << kByteBits;
    if (at + 1 < bytes.size()) sum += std::to_integer<std::uint64_t>(bytes[at + 1]);
  }
  while (sum > kWordMax) sum = (sum & kWordMax) + (sum >> kWordBits);
  return static_cast<std::uint16_t>(~sum & kWordMax);
}

/// `size` is that of what follows.
ByteVector ip_header(bool is_ipv6, std::size_t size, std::size_t number) {
  constexpr std::uint8_t kHopsMax = 64;
  ByteVector bytes;
  if (is_ipv6) {
    put_32(bytes, 0x60000000);  // version 6, no traffic class, no flow label
    put_16(bytes, size);
    put(bytes, kTcp, 1);
    put(bytes, kHopsMax, 1);
    put_address(bytes, true);
    put_address(bytes, true);
    return bytes;
  }
  constexpr std::size_t kHeaderSize = 20;
  put_16(bytes, 0x4500);  // version 4, a header of five words
  put_16(bytes, kHeaderSize + size);
  put_16(bytes, number);
  put_16(bytes, 0x4000);  // not to be fragmented
  put(bytes, kHopsMax, 1);
  put(bytes, kTcp, 1);
  put_16(bytes, 0);
  put_address(bytes, false);
  put_address(bytes, false);
  constexpr std::size_t kChecksumAt = 10;
  set_16(bytes, kChecksumAt, checksum(bytes));
  return bytes;
}

/// `tcp` is a TCP header with a checksum of 0, and what it carries. The words of the pseudo header
/// have another order in IPv6, which makes no difference to their sum.
std::uint16_t tcp_checksum(bool is_ipv6, const ByteVector& tcp) {
  ByteVector summed;
  put_address(summed, is_ipv6);
  put_address(summed, is_ipv6);
  put_16(summed, kTcp);
  put_32(summed, tcp.size());
  summed.insert(summed.end(), tcp.begin(), tcp.end());
  return checksum(summed);
}

}  // namespace

void TcpTalk::packet(TalkSide from, std::uint8_t flags, Bytes data, std::string comment) {
  End& sender = end_of(from);
  const bool is_connecting = from == TalkSide::kConnecting;
  const bool acknowledges = (flags & kAck) != 0;
  ByteVector tcp;
  put_16(tcp, is_connecting ? place_.connecting_port : place_.listening_port);
  put_16(tcp, is_connecting ? place_.listening_port : place_.connecting_port);
  put_32(tcp, sender.next);
  put_32(tcp, acknowledges ? end_of(other(from)).next : 0);
  constexpr unsigned kHeaderSizeAt = 12;
  put_16(tcp, (kTcpHeaderSize / 4) << kHeaderSizeAt | flags);
  put_16(tcp, kWindow);
  put_16(tcp, 0);
  put_16(tcp, 0);
  tcp.insert(tcp.end(), data.begin(), data.end());
  constexpr std::size_t kChecksumAt = 16;
  set_16(tcp, kChecksumAt, tcp_checksum(place_.is_ipv6, tcp));
  ByteVector bytes = ip_header(place_.is_ipv6, tcp.size(), packets_.packets.size() + 1);
  bytes.insert(bytes.end(), tcp.begin(), tcp.end());
  packets_.packets.push_back(
      {.bytes = std::move(bytes), .comment = std::move(comment), .at = packets_.now++});
  sender.next += static_cast<std::uint32_t>(data.size());
  if ((flags & (kSyn | kFin)) != 0) ++sender.next;
}

void TcpTalk::open(const std::string& comment) {
  packet(TalkSide::kConnecting, kSyn, {}, comment);
  packet(TalkSide::kListening, kSyn | kAck, {}, comment);
  packet(TalkSide::kConnecting, kAck, {}, comment);
}

void TcpTalk::refuse(const std::string& comment) {
  packet(TalkSide::kConnecting, kSyn, {}, comment);
  reset(TalkSide::kListening, comment);
}

void TcpTalk::send(TalkSide from, Bytes data, const std::string& comment, const std::string& taken,
                   bool is_with_end) {
  End& sender = end_of(from);
  if (is_over_ || sender.has_finished || data.empty()) return;
  const std::size_t pieces = (data.size() + kDataMax - 1) / kDataMax;
  for (std::size_t index = 0; index < pieces; ++index) {
    const Bytes piece = data.first(std::min(data.size(), kDataMax));
    data = data.subspan(piece.size());
    const std::string part =
        pieces == 1 ? "" : fmt::format(" (packet {} of {} of it)", index + 1, pieces);
    sender.has_finished = is_with_end && data.empty();
    packet(from, static_cast<std::uint8_t>(kPush | kAck | (sender.has_finished ? kFin : 0)), piece,
           comment + part);
    packet(other(from), kAck, {}, taken + part);
  }
}

void TcpTalk::finish(TalkSide from, const std::string& comment) {
  if (is_over_ || end_of(from).has_finished) return;
  packet(from, kFin | kAck, {}, comment);
  end_of(from).has_finished = true;
  packet(other(from), kAck, {}, comment);
}

void TcpTalk::reset(TalkSide from, const std::string& comment) {
  if (is_over_) return;
  packet(from, kReset | kAck, {}, comment);
  is_over_ = true;
}

}  // namespace framespec::conformance
