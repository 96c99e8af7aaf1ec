#include "launch/testee_output.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

namespace framespec::conformance {

TesteeOutput::TesteeOutput(UniqueFd pipe)
    : pipe_(std::move(pipe)), stop_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  fcntl(pipe_.get(), F_SETFL, fcntl(pipe_.get(), F_GETFL) | O_NONBLOCK);
  reader_ = std::thread([this] { read_until_stopped(); });
}

TesteeOutput::~TesteeOutput() {
  eventfd_write(stop_.get(), 1);
  reader_.join();
}

void TesteeOutput::read_until_stopped() {
  std::array<pollfd, 2> waiting{{{.fd = pipe_.get(), .events = POLLIN, .revents = 0},
                                 {.fd = stop_.get(), .events = POLLIN, .revents = 0}}};
  for (;;) {
    if (poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) return;
    if (waiting[1].revents != 0) return;
    const std::scoped_lock held(lock_);
    if (!drain()) return;
  }
}

bool TesteeOutput::drain() {
  std::array<char, std::size_t{16} * 1024> piece;
  // Bounded: a testee that writes as fast as it is read must not keep the lock for ever.
  for (int pieces = 0; !ended_; ++pieces) {
    if (pieces == 64) return true;
    // NOLINTNEXTLINE(clang-analyzer-unix.BlockInCriticalSection): the pipe is non-blocking
    const ssize_t size = read(pipe_.get(), piece.data(), piece.size());
    if (size < 0) return errno == EAGAIN || errno == EINTR;
    if (size == 0) ended_ = true;
    lines_.add({piece.data(), static_cast<std::size_t>(size)});
  }
  return false;
}

void TesteeOutput::mark() {
  const std::scoped_lock held(lock_);
  drain();
  lines_.clear();
}

std::string TesteeOutput::since_mark() {
  const std::scoped_lock held(lock_);
  drain();
  return lines_.text();
}

void TesteeOutput::wait_for_end() {
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
