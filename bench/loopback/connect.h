// Connections to servers on this machine.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "loopback/descriptor.h"

namespace framespec::bench {

/// To 127.0.0.1, with TCP_NODELAY; from then on it does not block. The error is the system's words.
std::expected<Descriptor, std::string> connect_to(std::uint16_t port);

}  // namespace framespec::bench
