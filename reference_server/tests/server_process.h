// A real framespec-server, started by a test and ended with it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace framespec::server::testing {

/// What a server may take of memory whatever it does: 32 MiB. Sanitizers keep shadows and freed
/// memory.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define FRAMESPEC_INSTRUMENTED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define FRAMESPEC_INSTRUMENTED 1
#endif
#endif
#ifdef FRAMESPEC_INSTRUMENTED
inline constexpr std::uint64_t kMemoryMaxKib = std::uint64_t{1024} * 1024;
#else
inline constexpr std::uint64_t kMemoryMaxKib = std::uint64_t{32} * 1024;
#endif

struct StartOptions {
  std::size_t descriptors_max = 0;  ///< RLIMIT_NOFILE, soft and hard; 0: as it is
  int ignored_signal = 0;           ///< as nohup ignores SIGHUP; 0: none
  bool closes_standard_output = false;
  std::vector<std::string> environment = {};  ///< "NAME=value" each; empty: the test's own
  int standard_error = -1;                    ///< instead of a file, and then log() is empty
};

/// How a process that ends by itself ended.
struct Ended {
  int exit_code = -1;  ///< -1: a signal, or not at all in time
  std::string standard_output;
  std::string standard_error;
};

/// Runs the server so that it ends before it serves; kills it if it does not.
Ended run_server(const std::vector<std::string>& arguments, const StartOptions& options = {});

/// A server that serves. The first address is a free port of 127.0.0.1 unless the arguments have a
/// --listen of their own.
class ServerProcess {
 public:
  /// Returns once the server has printed where it listens; throws std::runtime_error with all that
  /// it wrote if it does not.
  explicit ServerProcess(std::vector<std::string> arguments, const StartOptions& options = {});
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  /// "127.0.0.1:4711", "[::1]:4711" or "unix:/path".
  const std::string& address(std::size_t index = 0) const { return addresses_.at(index); }
  pid_t pid() const { return pid_; }

  /// Does nothing once its end has been waited for: its number may be another's then.
  void send_signal(int signal) const;

  /// SIGSTOP, and returns when it stands still: until SIGCONT it sees nothing of what comes.
  void pause() const;

  /// Waits for its end: the exit code, or nothing after a minute or if a signal ended it.
  std::optional<int> wait_for_end();

  /// SIGTERM and wait.
  std::optional<int> stop();

  /// Every whole line logged so far: the one that is being written can be seen in part.
  std::string log() const;

  /// Waits until the log holds `text`; false after a minute.
  bool wait_for_log(const std::string& text) const;

  std::uint64_t memory_peak_kib() const;  ///< VmHWM
  std::size_t open_descriptors() const;
  double cpu_seconds() const;

 private:
  void read_addresses(std::size_t count);

  pid_t pid_ = 0;
  int output_ = -1;
  std::string log_path_;
  std::vector<std::string> addresses_;
};

/// Waits until `condition` holds, looking again every few milliseconds; false after a minute.
template <typename Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

}  // namespace framespec::server::testing
