// Waiting for something that must happen, without assuming how fast the machine is.
#pragma once

#include <chrono>
#include <thread>

namespace framespec::client::test {

/// Looks again and again until `condition` holds; false after a minute.
template <typename Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace framespec::client::test
