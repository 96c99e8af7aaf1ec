// Where a server listens, as a user writes it.
#pragma once

#include <string>
#include <string_view>

#include "failure.h"

namespace framespec::client {

/// HOST:PORT, [IPV6]:PORT or unix:PATH.
struct Address {
  std::string text;  ///< as it was written, for messages: shortened if need be
  std::string host;  ///< a name or a number, without brackets; empty for unix:PATH
  std::string port;  ///< digits; empty for unix:PATH
  std::string path;  ///< of the socket; empty for TCP

  bool is_unix() const noexcept { return !path.empty(); }
};

/// Reads an address; a mistake is a usage failure that says which form was expected.
Result<Address> parse_address(std::string_view text);

}  // namespace framespec::client
