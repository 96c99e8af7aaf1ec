// framespec: conformance of framed-TCP implementations, with every cut of every frame proven.
#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <initializer_list>

#include "cli/cli.h"
#include "framespec/printable.h"

namespace {

// A file must not get the number of a standard stream that the caller has closed: what is meant for
// the stream would go into it. Nor may anything be lost there unnoticed: each is opened the way in
// which it is not used, so that using it fails as on a closed one.
void fill_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    const int mode = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (::fcntl(fd, F_GETFD) < 0) static_cast<void>(::open("/dev/null", mode));
  }
}

// Payloads of many megabytes come and go with each plan: to give their memory back each time, and
// to have it cleared anew, takes longer than all that is done with it.
void keep_freed_memory() {
#ifdef __GLIBC__
  constexpr int kMebibyte = 1 << 20;
  // NOLINTBEGIN(concurrency-mt-unsafe): there is no other thread yet.
  static_cast<void>(::mallopt(M_MMAP_THRESHOLD, 32 * kMebibyte));
  static_cast<void>(::mallopt(M_TRIM_THRESHOLD, 256 * kMebibyte));
  // NOLINTEND(concurrency-mt-unsafe)
#endif
}

}  // namespace

int main(int argc, char** argv) {
  fill_standard_streams();
  keep_freed_memory();
  try {
    return framespec::conformance::run_command_line(argc, argv);
  } catch (const std::exception& problem) {
    // Out of memory, above all; everything expected is a value.
    std::fprintf(stderr, "framespec: cannot go on: %s\n",
                 framespec::printable(problem.what()).c_str());
    return 3;
  }
}
