#include "recording/tshark.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <span>
#include <utility>

#include "framespec/shortened.h"
#include "launch/unique_fd.h"
#include "os/error_text.h"
#include "recording/interruptible_poll.h"
#include "recording/lines.h"

namespace framespec::conformance {
namespace {

constexpr std::size_t kBlockSize = std::size_t{64} << 10U;
constexpr std::size_t kErrorsKept = 4096;
constexpr std::size_t kComplaintShownMax = 300;

std::unexpected<RecordError> cannot_read(std::string sentence) {
  return std::unexpected(
      RecordError{.kind = RecordError::Kind::kCannotWork, .sentence = std::move(sentence)});
}

/// What is said to everybody who is root.
bool is_of_no_note(std::string_view line) {
  return line.empty() || line.starts_with("Running as user ");
}

/// The last thing that it complains of by its name, or the last of all.
std::string complaint_in(std::string_view errors) {
  constexpr std::string_view kOwnName = "tshark: ";
  std::string_view complaint;
  while (!errors.empty()) {
    const std::string_view line = errors.substr(0, errors.find('\n'));
    errors.remove_prefix(std::min(line.size() + 1, errors.size()));
    if (is_of_no_note(line)) continue;
    if (complaint.starts_with(kOwnName) && !line.starts_with(kOwnName)) continue;
    complaint = line;
  }
  if (complaint.starts_with(kOwnName)) complaint.remove_prefix(kOwnName.size());
  return shortened(complaint, kComplaintShownMax);
}

struct PipeEnds {
  UniqueFd read;
  UniqueFd write;
};

std::expected<PipeEnds, int> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::unexpected(errno);
  return PipeEnds{.read = UniqueFd(ends[0]), .write = UniqueFd(ends[1])};
}

/// A running one. Killed, if it runs still, and waited for when its owner goes.
class Process {
 public:
  Process(pid_t pid, UniqueFd output, UniqueFd errors)
      : output_(std::move(output)), errors_(std::move(errors)), pid_(pid) {}
  Process(Process&& other) noexcept
      : output_(std::move(other.output_)),
        errors_(std::move(other.errors_)),
        pid_(std::exchange(other.pid_, 0)) {}
  Process& operator=(Process&&) = delete;
  ~Process() {
    if (pid_ != 0) static_cast<void>(end());
  }

  [[nodiscard]] static std::expected<Process, int> start(const std::vector<std::string>& arguments);

  [[nodiscard]] const UniqueFd& output() const noexcept { return output_; }
  [[nodiscard]] const UniqueFd& errors() const noexcept { return errors_; }

  /// Its exit status when it has ended by itself.
  [[nodiscard]] int wait() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    constexpr int kSignalled = 128;
    return WIFEXITED(status) ? WEXITSTATUS(status) : kSignalled + WTERMSIG(status);
  }

  int end() {
    kill(pid_, SIGKILL);  // it only reads
    return wait();
  }

 private:
  UniqueFd output_;
  UniqueFd errors_;
  pid_t pid_;
};

std::expected<Process, int> Process::start(const std::vector<std::string>& arguments) {
  auto output = make_pipe();
  auto errors = make_pipe();
  if (!output || !errors) return std::unexpected(output ? errors.error() : output.error());
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output->write.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, errors->write.get(), STDERR_FILENO);
  posix_spawnattr_t attributes{};
  posix_spawnattr_init(&attributes);
  // We ignore SIGPIPE and hold others back; it must not.
  sigset_t signals{};
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  sigaddset(&signals, SIGPIPE);
  sigaddset(&signals, SIGXFSZ);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<std::string> words{"tshark"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_t pid = 0;
  const int error =
      posix_spawnp(&pid, words.front().c_str(), &actions, &attributes, pointers.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return std::unexpected(error);
  return Process(pid, std::move(output->read), std::move(errors->read));
}

/// What there is to read, in a block: nothing at the end.
std::string_view read_block(const UniqueFd& fd, std::span<char> block) {
  const ssize_t size = read(fd.get(), block.data(), block.size());
  return {block.data(), size < 0 ? 0 : static_cast<std::size_t>(size)};
}

}  // namespace

std::expected<TsharkEnd, RecordError> run_tshark(
    const std::vector<std::string>& arguments, const std::atomic<bool>& cancelled,
    const std::function<bool(std::string_view line)>& take) {
  const InterruptiblePoll poll;
  auto process = Process::start(arguments);
  if (!process && process.error() == ENOENT) {
    return cannot_read(
        "captures are read with tshark, which is not there; Debian has it in the package tshark "
        "(apt-get install tshark)");
  }
  if (!process) {
    return cannot_read("tshark cannot be started: " + os::error_text(process.error()));
  }
  Lines lines;
  std::string errors;
  std::vector<char> block(kBlockSize);
  std::array polled{pollfd{.fd = process->output().get(), .events = POLLIN, .revents = 0},
                    pollfd{.fd = process->errors().get(), .events = POLLIN, .revents = 0}};
  while (polled[0].fd >= 0 || polled[1].fd >= 0) {
    if (cancelled.load()) return cannot_read("interrupted while tshark read the capture");
    poll.wait(polled);
    if (polled[1].revents != 0) {
      const std::string_view piece = read_block(process->errors(), block);
      errors += piece.substr(0, kErrorsKept - errors.size());
      if (piece.empty()) polled[1].fd = -1;
    }
    if (polled[0].revents == 0) continue;
    const std::string_view piece = read_block(process->output(), block);
    if (piece.empty()) polled[0].fd = -1;
    const Lines::Outcome outcome = lines.add(piece, take);
    if (outcome == Lines::Outcome::kTooLong) {
      return cannot_read("tshark wrote a line of more than 4 MiB");
    }
    if (outcome == Lines::Outcome::kEnough) {
      return TsharkEnd{.was_stopped = true, .status = process->end(), .complaint = {}};
    }
  }
  const int status = process->wait();
  return TsharkEnd{.status = status, .complaint = complaint_in(errors)};
}

}  // namespace framespec::conformance
