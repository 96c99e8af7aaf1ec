#include "power/neighbours.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>

namespace framespec::bench {
namespace {

/// Static, so that it is there behind a fork without asking for memory.
unsigned char written[std::size_t{4} << 20];

[[noreturn]] void work_without_rest() {
  std::uint64_t state = 1;
  for (;;) {
    for (int i = 0; i < 1'000'000; ++i) {
      state = state * 6364136223846793005U + 1;
      asm volatile("" : "+r"(state));
    }
    for (std::size_t i = 0; i < sizeof written; i += 64) {
      written[i] = static_cast<unsigned char>(state);
    }
    asm volatile("" : : : "memory");
  }
}

}  // namespace

Neighbours::Neighbours(int count) {
  const pid_t parent = ::getpid();
  for (int i = 0; i < count; ++i) {
    const pid_t child = ::fork();
    if (child < 0) return;
    if (child == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != parent) ::_exit(0);
      // What interrupts the trials is their affair.
      std::signal(SIGINT, SIG_IGN);
      work_without_rest();
    }
    processes_.push_back(child);
  }
}

Neighbours::~Neighbours() {
  for (const pid_t process : processes_) ::kill(process, SIGKILL);
  for (const pid_t process : processes_) {
    while (::waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
}

}  // namespace framespec::bench
