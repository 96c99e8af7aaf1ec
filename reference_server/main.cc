// framespec-server: a framed TCP server to measure other implementations by.
#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <initializer_list>
#include <iostream>

#include "framespec/printable.h"
#include "options.h"
#include "server.h"

namespace {

// A file must not get the number of a standard stream that the caller has closed: what is meant for
// the stream would go into it. What takes its place is open the wrong way round, so that using the
// stream still fails.
void fill_standard_streams() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    const int flags = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (::fcntl(fd, F_GETFD) < 0) static_cast<void>(::open("/dev/null", flags));
  }
}

int end_with(const framespec::server::Exit& exit) {
  if (exit.is_answer) {
    std::cout << exit.text << '\n' << std::flush;
  } else {
    std::cerr << "framespec-server: " << framespec::printable(exit.text) << '\n' << std::flush;
  }
  return std::cout ? exit.code : framespec::server::kExitNetwork;
}

}  // namespace

int main(int argc, char** argv) {
  fill_standard_streams();
  const auto options = framespec::server::parse_options(argc, argv);
  if (!options) return end_with(options.error());

  framespec::server::Server server(*options);
  if (const auto opened = server.open(); !opened) return end_with(opened.error());
  for (const std::string& address : server.addresses()) {
    std::cout << "listening on " << framespec::printable(address) << '\n' << std::flush;
  }
  if (!std::cout) {
    return end_with({.code = framespec::server::kExitNetwork,
                     .text = "standard output cannot be written, where the addresses go"});
  }
  server.run();
  return framespec::server::kExitOk;
}
