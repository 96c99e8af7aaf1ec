// Sees the packets that go over the loopback interface.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace framespec::os {

/// From its IP header on.
struct CapturedPacket {
  std::chrono::microseconds at{0};  ///< since 1970, when it arrived
  std::vector<std::byte> bytes;
};

/// Takes all IPv4 packets of the network namespace's loopback interface, in a thread of its own,
/// each once.
class LoopbackCapture {
 public:
  /// Needs CAP_NET_RAW, which everybody has in a network of their own (os/private_network.h). Fails
  /// with a sentence.
  [[nodiscard]] static std::expected<std::unique_ptr<LoopbackCapture>, std::string> begin();
  LoopbackCapture(const LoopbackCapture&) = delete;
  LoopbackCapture& operator=(const LoopbackCapture&) = delete;
  ~LoopbackCapture();

  /// What has come until now, in order. To be called once.
  [[nodiscard]] std::vector<CapturedPacket> end();
  /// Behind end(): packets for which there was no room.
  [[nodiscard]] std::uint32_t lost() const noexcept { return lost_; }

 private:
  explicit LoopbackCapture(int fd);
  void stop();
  void take_all();

  int fd_;
  std::atomic<bool> has_ended_{false};
  std::vector<CapturedPacket> packets_;
  std::uint32_t lost_ = 0;
  std::thread thread_;  ///< last: it uses the others
};

}  // namespace framespec::os
