#include "address.h"

#include <fmt/format.h>
#include <sys/un.h>

#include <charconv>
#include <cstdint>

#include "framespec/shortened.h"

namespace framespec::client {

namespace {

constexpr std::string_view kForms = "write HOST:PORT, [IPV6]:PORT or unix:PATH";

bool is_port(std::string_view text) {
  std::uint32_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && stop == text.data() + text.size() && number >= 1 &&
         number <= 65535;
}

Result<Address> parse_unix(std::string_view text, std::string_view path) {
  if (path.empty()) {
    return usage(fmt::format("the address '{}' has no path; {}", shortened(text), kForms));
  }
  constexpr std::size_t kPathMax = sizeof(sockaddr_un::sun_path) - 1;
  if (path.size() > kPathMax) {
    return usage(fmt::format("the socket path of '{}' has {} bytes; the system allows {}",
                             shortened(text), path.size(), kPathMax));
  }
  return Address{shortened(text), {}, {}, std::string(path)};
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
  constexpr std::string_view kUnix = "unix:";
  if (text.starts_with(kUnix)) {
    return parse_unix(text, text.substr(kUnix.size()));
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return usage(fmt::format("the address '{}' has no port; {}", shortened(text), kForms));
  }
  std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return usage(fmt::format("in the address '{}' it is not clear where the port starts; {}",
                             shortened(text), kForms));
  }
  if (host.empty()) {
    return usage(fmt::format("the address '{}' has no host; {}", shortened(text), kForms));
  }
  if (!is_port(port)) {
    return usage(
        fmt::format("'{}' in the address '{}' is not a port: a port is a number from 1 to 65535",
                    shortened(port), shortened(text)));
  }
  return Address{shortened(text), std::string(host), std::string(port), {}};
}

}  // namespace framespec::client
