// A capture file of a phenomenon: the packets with which it was played.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "os/loopback_capture.h"
#include "phenomena/phenomenon.h"

namespace framespec::conformance {

/// The file (pcapng): those of the packets that are of the connections of `played`, as the kernel
/// carried them, each with a comment that says which way it was played and in which run. `lost`:
/// packets that could not be captured, which the comment of the file tells. `writer`: as pcapng().
[[nodiscard]] std::string phenomenon_capture(const phenomena::Phenomenon& phenomenon,
                                             const phenomena::Played& played,
                                             std::vector<os::CapturedPacket> packets,
                                             std::uint32_t lost, const std::string& writer);

}  // namespace framespec::conformance
