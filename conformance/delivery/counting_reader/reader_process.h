// Starts a counting reader, connects to it, and collects what it saw.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace framespec::counting_reader {

/// What the other process reports.
struct Report {
  std::map<std::uint64_t, std::uint64_t> reads_by_size;
  std::uint64_t bytes = 0;
  std::uint64_t hash = 0;
  std::uint64_t ends_with_data = 0;
  std::string end;

  [[nodiscard]] std::uint64_t reads() const;
  /// How many reads were of any other size than that.
  [[nodiscard]] std::uint64_t reads_not_of(std::uint64_t size) const;
  /// "1: 999999, 2: 1", for a failure message.
  [[nodiscard]] std::string sizes() const;
};

struct Connections {
  std::size_t count = 1;
};

/// One reader process and our connections to it. All end with the object. Throws std::runtime_error
/// when the process or a connection cannot be had.
class ReaderProcess {
 public:
  /// `where`: "ipv4", "ipv6", "dual" (connects to its IPv4 side), "mapped" (the same, from an IPv6
  /// socket of ours), "mptcp", "unix". `mode`: "asyncio", or one of reading.cc.
  ReaderProcess(const std::string& where, const std::string& mode, std::uint64_t amount = 0,
                bool wait_before_accept = false);
  /// With several connections: `mode` is "asyncio", "blocking", "epoll", or a command that, with
  /// WHERE and the number of connections as its last arguments, does and prints what these do.
  ReaderProcess(const std::string& where, const std::string& mode, Connections connections);
  ~ReaderProcess();
  ReaderProcess(const ReaderProcess&) = delete;
  ReaderProcess& operator=(const ReaderProcess&) = delete;

  /// Our end, connected; of the first connection.
  [[nodiscard]] int fd() const { return fds_.at(0); }
  [[nodiscard]] const std::vector<int>& fds() const noexcept { return fds_; }
  [[nodiscard]] pid_t pid() const noexcept { return pid_; }
  void close_fd();
  /// Lets a reader accept that was made to wait.
  void accept_now();
  /// Returns when the reader has accepted, which is some time after we are connected.
  void wait_until_accepted();
  /// Closes our ends and waits for the reader's report.
  [[nodiscard]] Report finish();

 private:
  void start(const std::vector<std::string>& command);
  [[nodiscard]] std::string listen_at(const std::string& where);
  void connect_to(const std::string& where, const std::string& line);
  [[nodiscard]] std::string read_line();

  pid_t pid_ = -1;
  std::vector<int> fds_;
  int output_ = -1;
  int input_ = -1;
  std::string path_;
};

/// Processes that do nothing but keep the processors busy, as long as the object lives.
class BusyProcesses {
 public:
  explicit BusyProcesses(int count);
  ~BusyProcesses();
  BusyProcesses(const BusyProcesses&) = delete;
  BusyProcesses& operator=(const BusyProcesses&) = delete;

 private:
  std::vector<pid_t> pids_;
};

}  // namespace framespec::counting_reader
