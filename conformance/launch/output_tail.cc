#include "launch/output_tail.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

namespace framespec::conformance {
namespace {

// Control characters of a testee must not reach the user's terminal.
std::string printable(std::string text) {
  for (char& character : text) {
    const auto code = static_cast<unsigned char>(character);
    if ((code < 0x20 && character != '\n' && character != '\t') || code == 0x7f) character = '?';
  }
  return text;
}

std::string last_lines(std::string text, std::size_t lines_max) {
  while (text.ends_with('\n')) text.pop_back();
  text.erase(0, text.find_first_not_of('\n'));
  std::size_t start = text.size();
  for (std::size_t lines = 0; lines < lines_max && start > 0 && start != std::string::npos;
       ++lines) {
    start = text.rfind('\n', start - 1);
  }
  return start == std::string::npos || start == 0 ? text : text.substr(start + 1);
}

}  // namespace

OutputTail::OutputTail(UniqueFd pipe)
    : pipe_(std::move(pipe)), stop_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  fcntl(pipe_.get(), F_SETFL, fcntl(pipe_.get(), F_GETFL) | O_NONBLOCK);
  reader_ = std::thread([this] { read_until_stopped(); });
}

OutputTail::~OutputTail() {
  eventfd_write(stop_.get(), 1);
  reader_.join();
}

void OutputTail::read_until_stopped() {
  std::array<pollfd, 2> waiting{{{.fd = pipe_.get(), .events = POLLIN, .revents = 0},
                                 {.fd = stop_.get(), .events = POLLIN, .revents = 0}}};
  for (;;) {
    if (poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) return;
    if (waiting[1].revents != 0) return;
    const std::scoped_lock held(lock_);
    if (!drain()) return;
  }
}

bool OutputTail::drain() {
  std::array<char, std::size_t{16} * 1024> piece;
  // Bounded: a testee that writes as fast as it is read must not keep the lock for ever.
  for (int pieces = 0; !ended_; ++pieces) {
    if (pieces == 64) return true;
    // NOLINTNEXTLINE(clang-analyzer-unix.BlockInCriticalSection): the pipe is non-blocking
    const ssize_t size = read(pipe_.get(), piece.data(), piece.size());
    if (size < 0) return errno == EAGAIN || errno == EINTR;
    if (size == 0) ended_ = true;
    kept_.append(piece.data(), static_cast<std::size_t>(size));
    written_ += static_cast<std::uint64_t>(size);
    // Trimmed at twice the size only, so that much output costs linear time.
    if (kept_.size() > 2 * kKept) kept_.erase(0, kept_.size() - kKept);
  }
  return false;
}

std::uint64_t OutputTail::written() const {
  const std::scoped_lock held(lock_);
  return written_;
}

std::string OutputTail::since(std::uint64_t mark, std::size_t lines_max) {
  const std::scoped_lock held(lock_);
  drain();
  const std::uint64_t wanted = written_ > mark ? written_ - mark : 0;
  const std::size_t size = wanted < kept_.size() ? static_cast<std::size_t>(wanted) : kept_.size();
  return printable(last_lines(kept_.substr(kept_.size() - size), lines_max));
}

void OutputTail::wait_for_end() {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  while (std::chrono::steady_clock::now() < deadline) {
    {
      const std::scoped_lock held(lock_);
      if (!drain()) return;
    }
    pollfd waiting{.fd = pipe_.get(), .events = POLLIN, .revents = 0};
    poll(&waiting, 1, 50);
  }
}

}  // namespace framespec::conformance
