// A program that runs on a CPU of its own beside the load.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <vector>

#include "loopback/descriptor.h"

namespace framespec::bench {

/// Killed, with all of its process group, when this goes, or when this process ends.
class ChildProcess {
 public:
  /// `command`: the program as the shell looks for it, and its arguments. It has nothing to read;
  /// what it writes goes to `output_file`. The error is a sentence.
  static std::expected<ChildProcess, std::string> start(
      const std::vector<std::string>& command, int cpu,
      const std::string& output_file = "/dev/null");

  ChildProcess(ChildProcess&&) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess();

  /// Waits until somebody listens on this port of 127.0.0.1; the error is that it ended, or took
  /// longer than `limit`.
  std::expected<void, std::string> await_listening(std::uint16_t port, std::chrono::seconds limit);

  /// Waits for its end; the error is any other than exit code 0, or that it took longer than
  /// `limit`.
  std::expected<void, std::string> await_end(std::chrono::seconds limit);

  /// Of all its threads, since its start.
  [[nodiscard]] std::int64_t cpu_time_ns() const;

 private:
  ChildProcess(pid_t pid, std::string name);
  [[nodiscard]] bool ends_within(std::chrono::milliseconds time) const;
  int reap();

  pid_t pid_;
  std::string name_;
  Descriptor handle_;
};

/// A port of 127.0.0.1 that nobody uses now; 0 if there is none.
std::uint16_t free_port();

/// From now on this thread runs on this CPU alone.
void stay_on_cpu(int cpu);

/// Two of the CPUs that this process may use: for the load, and for the server; the same one twice
/// where there is only one.
struct CpuPair {
  int load = 0;
  int server = 0;
};
CpuPair two_cpus();

}  // namespace framespec::bench
