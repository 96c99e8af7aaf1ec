// framespec-client: talks to a server of length-prefixed frames.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <initializer_list>

#include "framespec/printable.h"
#include "options.h"
#include "run.h"

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

}  // namespace

int main(int argc, char** argv) try {
  fill_standard_streams();
  const auto options = framespec::client::parse_options(argc, argv);
  if (!options) {
    const auto& exit = options.error();
    std::fputs(exit.text.c_str(), exit.to_stderr ? stderr : stdout);
    if (std::fflush(stdout) == 0) return exit.code;
    std::fputs("framespec-client: error: standard output cannot be written\n", stderr);
    return static_cast<int>(framespec::client::ExitCode::kUnable);
  }
  return framespec::client::run(*options);
} catch (const std::exception& exception) {
  std::fprintf(stderr, "framespec-client: error: %s\n",
               framespec::printable(exception.what()).c_str());
  return static_cast<int>(framespec::client::ExitCode::kUnable);
}
