// A network of this process's own.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

namespace framespec::os {

/// By which right it is made.
enum class NetworkRight : std::uint8_t {
  kOwn,  ///< CAP_SYS_ADMIN
  /// In a user namespace, which many kernels let everybody make. Files may be used there as by
  /// their owner or group: what root may do with those of others is lost.
  kUserNamespace,
};

/// Moves this process into a new network namespace, in which there is a loopback interface, and
/// where it has all rights of the network. There must be no other thread. There is no way back;
/// sockets that are open stay where they are. Fails with a sentence.
[[nodiscard]] std::expected<void, std::string> enter_private_network(NetworkRight right);

}  // namespace framespec::os
