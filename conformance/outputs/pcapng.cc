#include "outputs/pcapng.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "framespec/shortened.h"

namespace framespec::conformance {
namespace {

// Of a block and of an option.
constexpr std::size_t kAlignment = 4;

void put(std::string& text, std::uint64_t value, std::size_t size) {
  constexpr unsigned kByteBits = 8;
  for (std::size_t index = 0; index < size; ++index) {
    text += static_cast<char>(value >> (kByteBits * index) & 0xffU);
  }
}
void put_16(std::string& text, std::uint64_t value) { put(text, value, 2); }
void put_32(std::string& text, std::uint64_t value) { put(text, value, 4); }

void pad(std::string& text) {
  text.append((kAlignment - text.size() % kAlignment) % kAlignment, '\0');
}

void put_option(std::string& body, std::uint64_t kind, std::string_view value) {
  constexpr std::size_t kSizeMax = 60'000;
  const std::string text = shortened(value, kSizeMax);
  put_16(body, kind);
  put_16(body, text.size());
  body += text;
  pad(body);
}
void put_comment(std::string& body, std::string_view comment) { put_option(body, 1, comment); }
void end_options(std::string& body) { put_32(body, 0); }

/// Its length stands before and behind it.
void put_block(std::string& file, std::uint64_t type, std::string_view body) {
  constexpr std::uint64_t kAround = 12;
  put_32(file, type);
  put_32(file, body.size() + kAround);
  file += body;
  put_32(file, body.size() + kAround);
}

std::string section(std::string_view comment, std::string_view writer) {
  constexpr std::uint64_t kByteOrderMagic = 0x1A2B3C4D;
  constexpr std::uint64_t kUserApplication = 4;
  std::string body;
  put_32(body, kByteOrderMagic);
  put_16(body, 1);  // the version of the format: 1.0
  put_16(body, 0);
  put(body, ~std::uint64_t{0}, sizeof(std::uint64_t));  // its size is not told
  put_comment(body, comment);
  put_option(body, kUserApplication, writer);
  end_options(body);
  return body;
}

std::string interface() {
  constexpr std::uint64_t kLinkTypeRaw = 101;
  std::string body;
  put_16(body, kLinkTypeRaw);
  put_16(body, 0);
  put_32(body, 0);  // packets of any size
  return body;
}

std::string packet_body(const CommentedPacket& packet) {
  constexpr unsigned kHalf = 32;
  const auto time = static_cast<std::uint64_t>(packet.at.count());
  std::string body;
  put_32(body, 0);  // the interface
  put_32(body, time >> kHalf);
  put_32(body, time & 0xffffffffU);
  put_32(body, packet.bytes.size());
  put_32(body, packet.bytes.size());
  body += as_text(packet.bytes);
  pad(body);
  put_comment(body, packet.comment);
  end_options(body);
  return body;
}

}  // namespace

std::string pcapng(const std::vector<CommentedPacket>& packets, const std::string& comment,
                   const std::string& writer) {
  constexpr std::uint64_t kSection = 0x0A0D0D0A;
  constexpr std::uint64_t kInterface = 1;
  constexpr std::uint64_t kEnhancedPacket = 6;
  std::string file;
  put_block(file, kSection, section(comment, writer));
  put_block(file, kInterface, interface());
  for (const CommentedPacket& packet : packets) {
    put_block(file, kEnhancedPacket, packet_body(packet));
  }
  return file;
}

}  // namespace framespec::conformance
