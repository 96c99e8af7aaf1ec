// A capture file in the pcapng format, the one that has comments on packets. libpcap writes files
// without them, and what is needed of the format are three kinds of blocks
// (draft-ietf-opsawg-pcapng).
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "framespec/bytes.h"

namespace framespec::conformance {

/// An IP packet, and what is said of it.
struct CommentedPacket {
  ByteVector bytes;
  std::string comment;
  std::chrono::microseconds at{0};  ///< since 1970
};

/// The file, with the link type of packets that begin with their IP header. `comment` is on all of
/// it; `writer` is the program that it says wrote it. Texts are UTF-8; of more than 60,000 bytes
/// the first are kept.
[[nodiscard]] std::string pcapng(const std::vector<CommentedPacket>& packets,
                                 const std::string& comment, const std::string& writer);

}  // namespace framespec::conformance
