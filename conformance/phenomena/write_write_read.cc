#include "phenomena/write_write_read.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <string>
#include <string_view>

namespace framespec::phenomena {
namespace {

constexpr std::string_view kNumber("\x01\0\0\0", 4);
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kRequestSize = kNumber.size() + kLineEnd.size();

std::string read_some(End& server, const Manner& manner, std::size_t size) {
  if (manner.quick_ack) server.set(IPPROTO_TCP, TCP_QUICKACK, 1, "TCP_QUICKACK on");
  return server.read(size);
}

}  // namespace

Asked write_write_read(Stage& stage, Pair& pair, const Manner& manner) {
  const auto begin = stage.now();
  const std::uint32_t packets_before = pair.client.packets().with_data;
  Asked asked;
  std::string request;
  if (manner.in_one_write) {
    pair.client.write(std::string(kNumber) + std::string(kLineEnd));
  } else {
    pair.client.write(kNumber);
    request = read_some(pair.server, manner, kRequestSize);
    pair.client.write(kLineEnd);
    asked.was_held = pair.client.packets().waiting > 0;
  }
  while (request.size() < kRequestSize) {
    const std::string more = read_some(pair.server, manner, kRequestSize - request.size());
    if (more.empty()) throw CannotPlay("the request ended early");
    request += more;
  }
  asked.packets = pair.client.packets().with_data - packets_before;
  pair.server.write("ok");
  pair.client.read_exactly(2);
  asked.took = stage.now() - begin;
  return asked;
}

void converse(Pair& pair) {
  constexpr int kTimes = 3;
  for (int time = 0; time < kTimes; ++time) {
    pair.client.write("?");
    pair.server.read_exactly(1);
    pair.server.write("!");
    pair.client.read_exactly(1);
  }
}

}  // namespace framespec::phenomena
