#include "delivery/peer_probe.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "delivery/peer_source.h"
#include "os/error_text.h"

namespace framespec::delivery {
namespace {

ProbeError not_a_connection(std::string reason) {
  return {ProbeFailure::kNotAConnection, std::move(reason)};
}

std::expected<int, int> option(int fd, int name) {
  int value = 0;
  socklen_t size = sizeof value;
  if (::getsockopt(fd, SOL_SOCKET, name, &value, &size) != 0) return std::unexpected(errno);
  return value;
}

}  // namespace

std::expected<PeerProbe, ProbeError> PeerProbe::open(int fd, OtherNamespaces* namespaces) {
  const auto type = option(fd, SO_TYPE);
  const auto domain = option(fd, SO_DOMAIN);
  const auto protocol = option(fd, SO_PROTOCOL);
  if (!type || !domain || !protocol) {
    const int error = !type ? type.error() : !domain ? domain.error() : protocol.error();
    return std::unexpected(not_a_connection(std::string("not a socket: ") + os::error_text(error)));
  }
  if (*type != SOCK_STREAM) {
    return std::unexpected(
        not_a_connection("not a stream socket: only streams have cuts to prove"));
  }
  std::expected<std::unique_ptr<PeerSource>, ProbeError> source;
  if (*domain == AF_UNIX) {
    source = open_unix_peer(fd);
  } else if ((*domain == AF_INET || *domain == AF_INET6) && *protocol == IPPROTO_TCP) {
    source = open_tcp_peer(fd, namespaces);
  } else {
    return std::unexpected(not_a_connection("neither TCP nor AF_UNIX: no proof is known for it"));
  }
  if (!source) return std::unexpected(std::move(source.error()));
  return PeerProbe(std::move(*source));
}

PeerProbe::PeerProbe(std::unique_ptr<PeerSource> source) noexcept : source_(std::move(source)) {}
PeerProbe::PeerProbe(PeerProbe&&) noexcept = default;
PeerProbe& PeerProbe::operator=(PeerProbe&&) noexcept = default;
PeerProbe::~PeerProbe() = default;

std::expected<PeerFigures, ProbeError> PeerProbe::look() { return source_->look(); }

std::optional<std::uint64_t> PeerProbe::bytes_unread() { return source_->bytes_unread(); }

bool PeerProbe::is_unix() const noexcept { return source_->is_unix(); }

}  // namespace framespec::delivery
