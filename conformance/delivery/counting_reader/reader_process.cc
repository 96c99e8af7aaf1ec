#include "delivery/counting_reader/reader_process.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace framespec::counting_reader {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw std::runtime_error(what + " failed: " + std::system_category().message(errno));
}

}  // namespace

std::uint64_t Report::reads() const {
  std::uint64_t sum = 0;
  for (const auto& [size, count] : reads_by_size) sum += count;
  return sum;
}

std::uint64_t Report::reads_not_of(std::uint64_t size) const {
  const auto found = reads_by_size.find(size);
  return reads() - (found == reads_by_size.end() ? 0 : found->second);
}

std::string Report::sizes() const {
  std::string text;
  for (const auto& [size, count] : reads_by_size) {
    text += (text.empty() ? "" : ", ") + std::to_string(size) + ": " + std::to_string(count);
  }
  return text;
}

ReaderProcess::ReaderProcess(const std::string& where, const std::string& mode,
                             std::uint64_t amount, bool wait_before_accept) {
  const std::string reader_where = listen_at(where);
  if (mode == "asyncio") {
    start({"python3", COUNTING_READER_PY, reader_where});
  } else {
    std::vector<std::string> command{COUNTING_READER, reader_where, mode, std::to_string(amount)};
    if (wait_before_accept) command.emplace_back("wait");
    start(command);
  }
  connect_to(where, read_line());
}

ReaderProcess::ReaderProcess(const std::string& where, const std::string& mode,
                             Connections connections) {
  const std::string reader_where = listen_at(where);
  const std::string number = std::to_string(connections.count);
  if (mode == "asyncio") {
    start({"python3", COUNTING_READER_PY, reader_where, number});
  } else if (mode == "blocking" || mode == "epoll") {
    start({COUNTING_READER, reader_where, mode, "0", number});
  } else {
    start({"/bin/sh", "-c", "exec " + mode + " \"$@\"", "reader", reader_where, number});
  }
  const std::string line = read_line();
  while (fds_.size() < connections.count) connect_to(where, line);
  wait_until_accepted();
}

std::string ReaderProcess::listen_at(const std::string& where) {
  if (where != "unix") return where == "mapped" ? "dual" : where;
  std::array<char, 64> folder{"/tmp/framespec-reader-XXXXXX"};
  if (::mkdtemp(folder.data()) == nullptr) fail("mkdtemp");
  path_ = std::string(folder.data()) + "/socket";
  return "unix:" + path_;
}

ReaderProcess::~ReaderProcess() {
  close_fd();
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (output_ >= 0) ::close(output_);
  if (input_ >= 0) ::close(input_);
  if (!path_.empty()) {
    ::unlink(path_.c_str());
    ::rmdir(path_.substr(0, path_.rfind('/')).c_str());
  }
}

void ReaderProcess::start(const std::vector<std::string>& command) {
  std::array<int, 2> to_us{};
  std::array<int, 2> to_reader{};
  if (::pipe2(to_us.data(), O_CLOEXEC) != 0 || ::pipe2(to_reader.data(), O_CLOEXEC) != 0) {
    fail("pipe");
  }
  output_ = to_us[0];
  input_ = to_reader[1];
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, to_us[1], STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, to_reader[0], STDIN_FILENO);
  const int error =
      ::posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  ::close(to_us[1]);
  ::close(to_reader[0]);
  if (error != 0) {
    pid_ = -1;
    errno = error;
    fail(command[0]);
  }
}

std::string ReaderProcess::read_line() {
  std::string line;
  char letter = 0;
  while (::read(output_, &letter, 1) == 1 && letter != '\n') line += letter;
  if (line.empty()) throw std::runtime_error("the counting reader did not start");
  return line;
}

void ReaderProcess::connect_to(const std::string& where, const std::string& line) {
  sockaddr_storage address{};
  socklen_t size = 0;
  if (where == "unix") {
    sockaddr_un local{};
    local.sun_family = AF_UNIX;
    std::memcpy(local.sun_path, line.c_str(), line.size() + 1);
    size = sizeof local;
    std::memcpy(&address, &local, size);
  } else if (where == "ipv6" || where == "mapped") {
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    six.sin6_addr = in6addr_loopback;
    if (where == "mapped") {
      six.sin6_addr = {};
      const std::array<unsigned char, 6> tail{0xff, 0xff, 127, 0, 0, 1};
      std::memcpy(six.sin6_addr.s6_addr + 10, tail.data(), tail.size());
    }
    six.sin6_port = htons(static_cast<std::uint16_t>(std::stoi(line)));
    size = sizeof six;
    std::memcpy(&address, &six, size);
  } else {
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    four.sin_port = htons(static_cast<std::uint16_t>(std::stoi(line)));
    size = sizeof four;
    std::memcpy(&address, &four, size);
  }
  fds_.push_back(::socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (fds_.back() < 0 ||
      ::connect(fds_.back(), reinterpret_cast<const sockaddr*>(&address), size) != 0) {
    fail("connect");
  }
}

void ReaderProcess::close_fd() {
  for (const int fd : fds_) {
    if (fd >= 0) ::close(fd);
  }
  fds_.clear();
}

void ReaderProcess::accept_now() {
  if (::write(input_, "\n", 1) != 1) fail("write");
}

void ReaderProcess::wait_until_accepted() {
  if (read_line() != "accepted") throw std::runtime_error("the counting reader did not accept");
}

Report ReaderProcess::finish() {
  close_fd();
  std::string text;
  std::array<char, 4096> chunk{};
  for (;;) {
    const ssize_t count = ::read(output_, chunk.data(), chunk.size());
    if (count <= 0) break;
    text.append(chunk.data(), static_cast<std::size_t>(count));
  }
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
  Report report;
  std::istringstream lines(text);
  std::string key;
  while (lines >> key) {
    if (key == "read") {
      std::uint64_t read_size = 0;
      std::uint64_t count = 0;
      lines >> read_size >> count;
      report.reads_by_size[read_size] = count;
    } else if (key == "end") {
      lines >> report.end;
    } else if (key == "bytes") {
      lines >> report.bytes;
    } else if (key == "hash") {
      lines >> report.hash;
    } else if (key == "ends_with_data") {
      lines >> report.ends_with_data;
    }
  }
  if (report.end.empty()) throw std::runtime_error("the counting reader died: " + text);
  return report;
}

BusyProcesses::BusyProcesses(int count) {
  for (int index = 0; index < count; ++index) {
    const pid_t pid = ::fork();
    if (pid == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      for (std::atomic<unsigned> turns = 0;; ++turns) {
      }
    }
    if (pid > 0) pids_.push_back(pid);
  }
}

BusyProcesses::~BusyProcesses() {
  for (const pid_t pid : pids_) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
}

}  // namespace framespec::counting_reader
