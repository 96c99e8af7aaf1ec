#include "server_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace framespec::server::testing {
namespace {

constexpr int kPatienceMs = 60'000;
constexpr const char* kListening = "listening on ";

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string temporary_file() {
  std::string path = std::filesystem::temp_directory_path().string() + "/framespec-server-XXXXXX";
  const int fd = ::mkstemp(path.data());
  if (fd < 0) throw std::runtime_error("cannot make the temporary file " + path);
  ::close(fd);
  return path;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

pid_t spawn(const std::vector<std::string>& arguments, int output, const std::string& error_path,
            const StartOptions& options) {
  std::vector<std::string> words{FRAMESPEC_SERVER_PATH};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv = pointers_to(words);
  std::vector<std::string> variables = options.environment;
  std::vector<char*> environment = pointers_to(variables);

  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  // Only async-signal-safe calls from here on.
  const int error = options.standard_error >= 0 ? options.standard_error
                                                : ::open(error_path.c_str(), O_WRONLY | O_APPEND);
  if (error < 0) ::_exit(127);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(error, STDERR_FILENO);
  if (options.descriptors_max != 0) {
    const rlimit limit{.rlim_cur = options.descriptors_max, .rlim_max = options.descriptors_max};
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
  if (options.ignored_signal != 0) ::signal(options.ignored_signal, SIG_IGN);
  if (options.closes_standard_output) ::close(STDOUT_FILENO);
  ::execve(argv[0], argv.data(), variables.empty() ? environ : environment.data());
  ::_exit(127);
}

// One read within the test's patience; 0 at the end of the stream or after it.
std::size_t read_some(int fd, std::array<char, 4096>& buffer) {
  pollfd state{.fd = fd, .events = POLLIN, .revents = 0};
  if (::poll(&state, 1, kPatienceMs) != 1) return 0;
  const ssize_t size = ::read(fd, buffer.data(), buffer.size());
  return size > 0 ? static_cast<std::size_t>(size) : 0;
}

}  // namespace

Ended run_server(const std::vector<std::string>& arguments, const StartOptions& options) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const std::string error_path = temporary_file();
  const pid_t pid = spawn(arguments, ends[1], error_path, options);
  ::close(ends[1]);

  Ended ended;
  std::array<char, 4096> buffer{};
  while (const std::size_t size = read_some(ends[0], buffer)) {
    ended.standard_output.append(buffer.data(), size);
    // A server that serves after all would never end by itself.
    if (ended.standard_output.starts_with(kListening)) ::kill(pid, SIGKILL);
  }
  ::close(ends[0]);
  int status = 0;
  if (!eventually([&] { return ::waitpid(pid, &status, WNOHANG) == pid; })) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, &status, 0);
  }
  if (WIFEXITED(status)) ended.exit_code = WEXITSTATUS(status);
  ended.standard_error = read_file(error_path);
  ::unlink(error_path.c_str());
  return ended;
}

ServerProcess::ServerProcess(std::vector<std::string> arguments, const StartOptions& options) {
  auto listeners = std::ranges::count(arguments, "--listen");
  if (listeners == 0) {
    arguments.insert(arguments.end(), {"--listen", "127.0.0.1:0"});
    listeners = 1;
  }
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  log_path_ = temporary_file();
  output_ = ends[0];
  pid_ = spawn(arguments, ends[1], log_path_, options);
  ::close(ends[1]);
  try {
    read_addresses(static_cast<std::size_t>(listeners));
  } catch (...) {
    // The destructor does not run for an object that was never whole.
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    ::close(output_);
    ::unlink(log_path_.c_str());
    throw;
  }
}

void ServerProcess::read_addresses(std::size_t count) {
  std::string text;
  std::array<char, 4096> buffer{};
  while (static_cast<std::size_t>(std::ranges::count(text, '\n')) < count) {
    const std::size_t size = read_some(output_, buffer);
    if (size == 0) {
      throw std::runtime_error("the server does not listen; it wrote: " + text +
                               read_file(log_path_));
    }
    text.append(buffer.data(), size);
  }
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(kListening)) throw std::runtime_error("unexpected line: " + line);
    addresses_.push_back(line.substr(std::string_view(kListening).size()));
  }
}

ServerProcess::~ServerProcess() {
  if (pid_ != 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(output_);
  ::unlink(log_path_.c_str());
}

void ServerProcess::send_signal(int signal) const {
  if (pid_ != 0) ::kill(pid_, signal);
}

void ServerProcess::pause() const {
  send_signal(SIGSTOP);
  siginfo_t unused{};  // an end is left for wait_for_end()
  ::waitid(P_PID, static_cast<id_t>(pid_), &unused, WSTOPPED | WEXITED | WNOWAIT);
}

std::optional<int> ServerProcess::wait_for_end() {
  int status = 0;
  const bool ended = eventually([&] { return ::waitpid(pid_, &status, WNOHANG) == pid_; });
  if (!ended) return std::nullopt;
  pid_ = 0;
  if (!WIFEXITED(status)) return std::nullopt;
  return WEXITSTATUS(status);
}

std::optional<int> ServerProcess::stop() {
  send_signal(SIGTERM);
  return wait_for_end();
}

std::string ServerProcess::log() const {
  std::string lines = read_file(log_path_);
  lines.resize(lines.rfind('\n') + 1);  // npos + 1 is 0
  return lines;
}

bool ServerProcess::wait_for_log(const std::string& text) const {
  return eventually([&] { return log().find(text) != std::string::npos; });
}

std::uint64_t ServerProcess::memory_peak_kib() const {
  std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stoull(line.substr(6));
  }
  return 0;
}

std::size_t ServerProcess::open_descriptors() const {
  const std::filesystem::directory_iterator entries("/proc/" + std::to_string(pid_) + "/fd");
  return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

double ServerProcess::cpu_seconds() const {
  std::ifstream stat("/proc/" + std::to_string(pid_) + "/stat");
  std::string field;
  std::getline(stat, field, ')');  // the name may hold blanks
  for (int i = 0; i < 11; ++i) stat >> field;
  std::uint64_t user_ticks = 0;
  std::uint64_t system_ticks = 0;
  stat >> user_ticks >> system_ticks;
  return static_cast<double>(user_ticks + system_ticks) /
         static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace framespec::server::testing
