#include "listen_address.h"

#include <fmt/format.h>
#include <sys/un.h>

#include <charconv>

namespace framespec::server {
namespace {

constexpr std::string_view kUnixScheme = "unix:";

std::unexpected<std::string> bad(std::string_view text, std::string_view why) {
  return std::unexpected(
      fmt::format("cannot listen on '{}': {}; use HOST:PORT, [IPV6]:PORT or unix:PATH", text, why));
}

std::expected<ListenAddress, std::string> parse_unix(std::string_view text) {
  const std::string_view path = text.substr(kUnixScheme.size());
  if (path.empty()) return bad(text, "the path is empty");
  if (path.find('\0') != std::string_view::npos) return bad(text, "the path holds a NUL");
  if (path.size() >= sizeof(sockaddr_un::sun_path)) {
    return bad(text, fmt::format("the path has {} bytes and at most {} fit", path.size(),
                                 sizeof(sockaddr_un::sun_path) - 1));
  }
  return ListenAddress{.is_unix = true, .path = std::string(path), .text = std::string(text)};
}

}  // namespace

std::expected<ListenAddress, std::string> parse_listen_address(std::string_view text) {
  if (text.starts_with(kUnixScheme)) return parse_unix(text);

  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return bad(text, "it has no port");
  std::string_view host = text.substr(0, colon);
  const std::string_view port_text = text.substr(colon + 1);

  if (host.starts_with('[')) {
    if (!host.ends_with(']')) return bad(text, "the bracket is not closed before the port");
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return bad(text, "an IPv6 address goes in brackets");
  }
  if (host.empty()) return bad(text, "it has no host");

  std::uint16_t port = 0;
  const char* const begin = port_text.data();
  const char* const end = begin + port_text.size();
  const auto [stop, error] = std::from_chars(begin, end, port);
  if (error != std::errc{} || stop != end) return bad(text, "a port is a number from 0 to 65535");

  return ListenAddress{.host = std::string(host), .port = port, .text = std::string(text)};
}

}  // namespace framespec::server
