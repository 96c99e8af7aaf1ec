#include "echo_service.h"

#include <algorithm>

namespace framespec::server {
namespace {

// A raw request brings no file name, and the JSON header of its reply needs one.
std::string_view filename_of(const Request& request, std::string_view otherwise) {
  return request.is_raw ? otherwise : request.filename;
}

std::byte upper(std::byte value) {
  const auto code = std::to_integer<unsigned char>(value);
  return code >= 'a' && code <= 'z' ? std::byte(code - 'a' + 'A') : value;
}

}  // namespace

asio::awaitable<Outcome> EchoService::answer(Request request, ReplyWriter& writer, PeerWatch&) {
  const std::string_view filename = filename_of(request, "echo");
  const ReplyMeta meta{.lead = request.lead, .filename = filename, .md5 = request.verified_md5};
  return writer.reply(request.payload, meta);
}

asio::awaitable<Outcome> UpperService::answer(Request request, ReplyWriter& writer, PeerWatch&) {
  ByteVector payload(request.payload.size());
  std::ranges::transform(request.payload, payload.begin(), upper);
  const std::string_view filename = filename_of(request, "upper");
  const ReplyMeta meta{.lead = request.lead, .filename = filename};
  co_return co_await writer.reply(payload, meta);
}

}  // namespace framespec::server
