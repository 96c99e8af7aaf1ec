// Where the server listens, as the command line names it.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

namespace framespec::server {

/// One of `HOST:PORT`, `[IPV6]:PORT` and `unix:PATH`.
struct ListenAddress {
  bool is_unix = false;
  std::string host = {};   ///< a name or a literal address, without brackets; empty for AF_UNIX
  std::uint16_t port = 0;  ///< 0 lets the kernel choose
  std::string path = {};   ///< of the AF_UNIX socket
  std::string text;        ///< as the user wrote it, for messages
};

/// Reads an address, or says in one sentence what is wrong with it. Resolves nothing.
std::expected<ListenAddress, std::string> parse_listen_address(std::string_view text);

}  // namespace framespec::server
