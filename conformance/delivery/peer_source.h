// What PeerProbe asks behind its face: one class for each kind of socket.
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>

#include "delivery/other_namespaces.h"
#include "delivery/peer_probe.h"

namespace framespec::delivery {

class PeerSource {
 public:
  PeerSource() = default;
  PeerSource(const PeerSource&) = delete;
  PeerSource& operator=(const PeerSource&) = delete;
  virtual ~PeerSource() = default;

  virtual std::expected<PeerFigures, ProbeError> look() = 0;
  virtual std::optional<std::uint64_t> bytes_unread() = 0;
  [[nodiscard]] virtual bool is_unix() const noexcept = 0;
};

/// `why` is what DiagSocket::open() said.
[[nodiscard]] inline ProbeError no_diagnosis(const std::string& why) {
  return {ProbeFailure::kDiagUnavailable, why + ", so nobody can tell what the testee has taken"};
}

/// For a descriptor that is known to be a stream socket of that family.
[[nodiscard]] std::expected<std::unique_ptr<PeerSource>, ProbeError> open_tcp_peer(
    int fd, OtherNamespaces* namespaces);
[[nodiscard]] std::expected<std::unique_ptr<PeerSource>, ProbeError> open_unix_peer(int fd);

}  // namespace framespec::delivery
