// An address as a user writes it.
#pragma once

#include <sys/socket.h>

#include <string>

namespace framespec::delivery {

/// "127.0.0.1:4000", "[::1]:4000"; "an unknown address" for other families.
[[nodiscard]] std::string endpoint_name(const sockaddr_storage& address);

}  // namespace framespec::delivery
