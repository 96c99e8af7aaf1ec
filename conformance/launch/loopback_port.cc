#include "launch/loopback_port.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <fstream>
#include <random>

#include "os/error_text.h"

namespace framespec::conformance {
namespace {

// Below are services that are given their ports by name.
constexpr std::uint16_t kLowest = 10'240;
constexpr std::uint16_t kFewest = 1'000;
constexpr int kTries = 1'000;

// A name in the abstract namespace: it belongs to the network namespace, as ports do, and is gone
// with the process that has bound it, however that ends.
UniqueFd reserve(std::uint16_t port) {
  UniqueFd fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string name = fmt::format("framespec/port/{}", port);
  std::ranges::copy(name, address.sun_path + 1);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  if (fd && bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0) fd.close();
  return fd;
}

/// Binds it, or any where it is 0, for a moment; 0 where that cannot be done, for a reason in
/// errno.
std::uint16_t try_to_bind(std::uint16_t port) {
  const UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  socklen_t size = sizeof address;
  if (!fd || bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    return 0;
  }
  return ntohs(address.sin_port);
}

/// The first of the ports that the kernel gives to those who ask for any.
std::uint16_t first_given() {
  std::uint16_t first = 0;
  std::ifstream("/proc/sys/net/ipv4/ip_local_port_range") >> first;
  return first;
}

}  // namespace

std::optional<LoopbackPort> LoopbackPort::choose(std::uint16_t port) {
  UniqueFd reservation = reserve(port);
  if (!reservation || try_to_bind(port) == 0) return std::nullopt;
  return LoopbackPort(port, std::move(reservation));
}

std::expected<LoopbackPort, std::string> LoopbackPort::find() {
  const std::uint16_t end = first_given();
  // Where nearly all are given to those who ask for any, we ask too.
  const bool are_there_enough = end >= kLowest + kFewest;
  std::random_device random;
  std::uniform_int_distribution<int> below(kLowest, std::max<int>(end, kLowest + 1) - 1);
  for (int tries = 0; tries < kTries; ++tries) {
    const auto number =
        are_there_enough ? static_cast<std::uint16_t>(below(random)) : try_to_bind(0);
    if (number == 0) break;
    if (auto port = choose(number)) return std::move(*port);
  }
  return std::unexpected(fmt::format("no free port on 127.0.0.1: {}", os::error_text(errno)));
}

}  // namespace framespec::conformance
