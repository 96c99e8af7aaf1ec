#include "child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace framespec::client::test {

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::minutes kPatience{8};

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  return {ends[0], ends[1]};
}

void close_end(int& descriptor) {
  if (descriptor >= 0) ::close(std::exchange(descriptor, -1));
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  result.reserve(strings.size() + 1);
  for (std::string& string : strings) result.push_back(string.data());
  result.push_back(nullptr);
  return result;
}

std::vector<std::string> environment_with(const std::vector<std::string>& more) {
  std::vector<std::string> all = more;  // the first of two equal names counts for getenv
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    const std::string name = text.substr(0, text.find('=') + 1);
    bool replaced = name == "TERM=" || name == "NO_COLOR=";
    for (const std::string& own : more) replaced |= own.starts_with(name);
    if (!replaced) all.push_back(text);
  }
  return all;
}

// Between fork and exec of a process with threads only async-signal-safe calls are allowed.
[[noreturn]] void become(char* const* arguments, char* const* environment, const char* folder,
                         const std::optional<std::uint64_t>& file_size_max) {
  if (*folder != '\0' && ::chdir(folder) != 0) ::_exit(125);
  std::signal(SIGPIPE, SIG_DFL);  // which the test itself ignores
  const rlimit no_core{0, 0};     // of a program that a test ends by SIGQUIT
  if (::setrlimit(RLIMIT_CORE, &no_core) != 0) ::_exit(125);
  if (file_size_max) {
    const rlimit limit{*file_size_max, *file_size_max};
    if (::setrlimit(RLIMIT_FSIZE, &limit) != 0) ::_exit(125);
  }
  ::execvpe(arguments[0], arguments, environment);
  ::_exit(126);
}

// False at the end.
bool read_some(int descriptor, std::string& into) {
  std::array<char, 65536> buffer{};
  const ssize_t size = ::read(descriptor, buffer.data(), buffer.size());
  if (size > 0) into.append(buffer.data(), static_cast<std::size_t>(size));
  return size > 0 || (size < 0 && (errno == EINTR || errno == EAGAIN));
}

// Not ru_maxrss, in which the kernel counts what this process held when it forked. None for a
// process that has ended.
std::optional<long> peak_rss_kib_of(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::stol(line.substr(6));
  }
  return std::nullopt;
}

// Returns once the child has become its program, which closes the other end.
void wait_for_exec(Pipe& started) {
  close_end(started.write_end);
  char unused = 0;
  while (::read(started.read_end, &unused, 1) < 0 && errno == EINTR) {
  }
  close_end(started.read_end);
}

}  // namespace

std::string to_string(const Ended& ended) {
  constexpr std::size_t kShown = 2000;
  std::ostringstream text;
  text << "exit code " << ended.exit_code << ", signal " << ended.signal << ", peak "
       << ended.peak_rss_kib << " KiB\nstdout (" << ended.out.size()
       << " bytes): " << ended.out.substr(0, kShown) << "\nstderr: " << ended.err.substr(0, kShown);
  return text.str();
}

bool says(const Ended& ended, const std::string& text) {
  return ended.err.find(text) != std::string::npos;
}

ChildProcess::ChildProcess(const std::vector<std::string>& command)
    : ChildProcess(command, Settings{}) {}

ChildProcess::ChildProcess(const std::vector<std::string>& command, Settings settings)
    : settings_(std::move(settings)) {
  start(command);
}

ChildProcess::~ChildProcess() {
  close_input();
  close_end(out_);
  close_end(err_);
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void ChildProcess::start(const std::vector<std::string>& command) {
  std::vector<std::string> arguments = command;
  std::vector<std::string> environment = environment_with(settings_.environment);
  const std::vector<char*> argv = pointers(arguments);
  const std::vector<char*> envp = pointers(environment);
  Pipe started = make_pipe();
  if (settings_.on_terminal) {
    const winsize size{24, 80, 0, 0};
    pid_ = ::forkpty(&out_, nullptr, nullptr, &size);
    if (pid_ == 0)
      become(argv.data(), envp.data(), settings_.folder.c_str(), settings_.file_size_max);
    if (pid_ > 0) in_ = ::fcntl(out_, F_DUPFD_CLOEXEC, 0);
  } else {
    Pipe in = make_pipe();
    Pipe out = make_pipe();
    Pipe err = make_pipe();
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(in.read_end, STDIN_FILENO);
      ::dup2(out.write_end, STDOUT_FILENO);
      ::dup2(err.write_end, STDERR_FILENO);
      become(argv.data(), envp.data(), settings_.folder.c_str(), settings_.file_size_max);
    }
    close_end(in.read_end);
    close_end(out.write_end);
    close_end(err.write_end);
    in_ = in.write_end;
    out_ = out.read_end;
    err_ = err.read_end;
  }
  wait_for_exec(started);
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  ::fcntl(in_, F_SETFL, ::fcntl(in_, F_GETFL) | O_NONBLOCK);
  std::signal(SIGPIPE, SIG_IGN);  // the program may end before it has read all its input
  feed();
}

void ChildProcess::signal(int number) const { ::kill(pid_, number); }

void ChildProcess::feed() {
  if (in_ < 0) return;
  std::string& input = settings_.input;
  if (!input.empty()) {
    const ssize_t size = ::write(in_, input.data(), input.size());
    if (size > 0) input.erase(0, static_cast<std::size_t>(size));
    if (size < 0 && errno != EAGAIN && errno != EINTR) input.clear();
  }
  if (input.empty() && !settings_.keep_input_open && !settings_.on_terminal) close_input();
}

void ChildProcess::close_input() { close_end(in_); }

void ChildProcess::type(const std::string& text) {
  settings_.input += text;
  feed();
}

// False when there is nothing left to wait for.
bool ChildProcess::pump(int timeout_ms) {
  std::array<pollfd, 3> waits{{{out_, POLLIN, 0}, {err_, POLLIN, 0}, {-1, POLLOUT, 0}}};
  if (!settings_.input.empty()) waits[2].fd = in_;
  if (out_ < 0 && err_ < 0) return false;
  ended_.peak_rss_kib = peak_rss_kib_of(pid_).value_or(ended_.peak_rss_kib);
  if (::poll(waits.data(), waits.size(), timeout_ms) <= 0) return true;
  if (waits[0].revents != 0 && !read_some(out_, ended_.out)) close_end(out_);
  if (waits[1].revents != 0 && !read_some(err_, ended_.err)) close_end(err_);
  if (waits[2].revents != 0) feed();
  return true;
}

Ended ChildProcess::wait() {
  const Clock::time_point deadline = Clock::now() + kPatience;
  while (pump(100)) {
    if (Clock::now() < deadline) continue;
    ended_.err += "\n[killed by the test: it did not end]";
    ::kill(pid_, SIGKILL);
    break;
  }
  int status = 0;
  ::waitpid(std::exchange(pid_, -1), &status, 0);
  if (WIFEXITED(status)) ended_.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ended_.signal = WTERMSIG(status);
  return ended_;
}

bool ChildProcess::wait_for(const std::string& text, const std::string& in) {
  const Clock::time_point deadline = Clock::now() + kPatience;
  while (in.find(text) == std::string::npos) {
    if (Clock::now() > deadline || !pump(100)) return false;
  }
  return true;
}

bool ChildProcess::wait_for_output(const std::string& text) { return wait_for(text, ended_.out); }

bool ChildProcess::wait_for_error(const std::string& text) { return wait_for(text, ended_.err); }

std::string ChildProcess::line_after(const std::string& marker) const {
  const std::size_t at = ended_.out.find(marker);
  if (at == std::string::npos) return {};
  const std::size_t start = at + marker.size();
  return ended_.out.substr(start, ended_.out.find_first_of("\r\n", start) - start);
}

long ChildProcess::peak_rss_kib_so_far() const {
  if (const auto peak = peak_rss_kib_of(pid_)) return *peak;
  throw std::runtime_error("no VmHWM of process " + std::to_string(pid_));
}

std::vector<std::string> client(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), FRAMESPEC_CLIENT_PATH);
  return arguments;
}

Ended run_client(std::vector<std::string> arguments, std::string input) {
  ChildProcess process(client(std::move(arguments)), {.input = std::move(input)});
  return process.wait();
}

Ended run_redirected(const std::string& redirection, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(),
                   {"/bin/sh", "-c", "exec \"$0\" \"$@\" " + redirection, FRAMESPEC_CLIENT_PATH});
  ChildProcess process(arguments);
  return process.wait();
}

}  // namespace framespec::client::test
