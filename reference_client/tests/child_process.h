// A program started by a test, and ended with it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace framespec::client::test {

/// How a process ended and what it said.
struct Ended {
  int exit_code = -1;  ///< -1 if a signal ended it
  int signal = 0;
  std::string out;  ///< on a terminal: everything, standard error too
  std::string err;
  long peak_rss_kib = 0;  ///< VmHWM, as last seen while it ran
};

/// For failure messages: exit code, signal and both outputs.
std::string to_string(const Ended& ended);

/// Whether standard error has `text` in it.
bool says(const Ended& ended, const std::string& text);

class ChildProcess {
 public:
  struct Settings {
    std::string input = {};  ///< all of standard input
    bool keep_input_open = false;
    std::string folder = {};   ///< to run in; empty: here
    bool on_terminal = false;  ///< all three streams are one terminal, of 80 columns
    std::optional<std::uint64_t> file_size_max = {};  ///< RLIMIT_FSIZE
    std::vector<std::string> environment = {};        ///< "NAME=value", besides what the test has
  };

  explicit ChildProcess(const std::vector<std::string>& command);
  ChildProcess(const std::vector<std::string>& command, Settings settings);
  ~ChildProcess();  ///< SIGKILL, if need be
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const noexcept { return pid_; }
  void signal(int number) const;

  /// Feeds input and gathers output until the process has ended; kills it after eight minutes.
  Ended wait();

  /// Feeds input and gathers output until standard output (or the terminal) has shown `text`, or
  /// has ended; whether it was shown.
  bool wait_for_output(const std::string& text);
  /// The same of standard error.
  bool wait_for_error(const std::string& text);

  /// What standard output has shown between `marker` and the end of that line.
  std::string line_after(const std::string& marker) const;

  /// The most memory it has held so far, from /proc; it must still run.
  long peak_rss_kib_so_far() const;

  /// More input, behind what there is. Only with keep_input_open or on_terminal.
  void type(const std::string& text);
  void close_input();

 private:
  void start(const std::vector<std::string>& command);
  bool pump(int timeout_ms);
  bool wait_for(const std::string& text, const std::string& in);
  void feed();

  Settings settings_;
  pid_t pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  int err_ = -1;
  Ended ended_;
};

/// The client under test, with these arguments.
std::vector<std::string> client(std::vector<std::string> arguments);

/// Runs it to its end.
Ended run_client(std::vector<std::string> arguments, std::string input = {});

/// Runs it in a shell that changes its streams first; `redirection`: such as "<&-".
Ended run_redirected(const std::string& redirection, std::vector<std::string> arguments);

}  // namespace framespec::client::test
