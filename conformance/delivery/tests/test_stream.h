// Streams, cuts and deadlines of the delivery tests.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "delivery/deliver.h"
#include "framespec/bytes.h"

namespace framespec::delivery {

/// Far beyond what a loaded machine needs; only a real defect gets there.
inline Deadline patient(int seconds = 120) {
  return std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
}

/// For deliveries that cannot succeed, whatever the time: what they need of the reader before, such
/// as that it has accepted, is waited for before.
inline Deadline soon() { return std::chrono::steady_clock::now() + std::chrono::milliseconds(300); }

inline ByteVector stream_of(std::size_t size) {
  ByteVector stream(size);
  for (std::size_t index = 0; index < size; ++index) {
    stream[index] = static_cast<std::byte>(index * 131 + (index >> 8));
  }
  return stream;
}

inline std::vector<std::uint64_t> cuts_every(std::size_t chunk, std::size_t size) {
  std::vector<std::uint64_t> cuts;
  for (std::size_t cut = chunk; cut < size; cut += chunk) cuts.push_back(cut);
  return cuts;
}

/// FNV-1a, as the counting reader has it: the bytes arrived, and in this order.
inline std::uint64_t hash_of(Bytes bytes) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const std::byte byte : bytes) {
    hash = (hash ^ static_cast<std::uint64_t>(byte)) * 1099511628211ULL;
  }
  return hash;
}

/// For failure messages.
inline std::string describe(const Delivery& delivery) {
  return std::string(to_string(delivery.outcome)) + ", " + std::string(to_string(delivery.proof)) +
         ", peer " + std::string(to_string(delivery.peer_end)) + ", " +
         std::to_string(delivery.segments_proven) + " proven and " +
         std::to_string(delivery.segments_sent) + " sent of " + std::to_string(delivery.segments) +
         " segments, " + (delivery.cuts_exact ? "cuts exact" : "cuts not exact") + ": " +
         delivery.reason;
}

}  // namespace framespec::delivery
