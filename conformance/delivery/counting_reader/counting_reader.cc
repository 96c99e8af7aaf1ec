// counting_reader WHERE MODE [AMOUNT [wait | CONNECTIONS]]
//
// Accepts one connection, or so many, and says "accepted"; reads in one of the modes of reading.cc,
// and prints how big each of its reads was. With `wait` it accepts only after a line has come on
// its stdin.
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "listener.h"
#include "reading.h"

namespace {

void print(const framespec::counting_reader::Tally& tally) {
  for (const auto& [size, count] : tally.reads_by_size) {
    std::printf("read %llu %llu\n", static_cast<unsigned long long>(size),
                static_cast<unsigned long long>(count));
  }
  std::printf("bytes %llu\n", static_cast<unsigned long long>(tally.bytes));
  std::printf("hash %llu\n", static_cast<unsigned long long>(tally.hash));
  std::printf("ends_with_data %llu\n", static_cast<unsigned long long>(tally.ends_with_data));
  std::printf("end %s\n", tally.end.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  using namespace framespec::counting_reader;
  // However the test ends, its reader must end with it.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (argc < 3) {
    std::fprintf(stderr, "usage: counting_reader WHERE MODE [AMOUNT [wait | CONNECTIONS]]\n");
    return 2;
  }
  const int listener = listen_on(argv[1]);
  const bool waits = argc > 4 && std::string_view(argv[4]) == "wait";
  if (waits) {
    char line = 0;
    if (::read(STDIN_FILENO, &line, 1) < 0) die("read");
  }
  std::vector<int> fds(argc > 4 && !waits ? std::strtoull(argv[4], nullptr, 10) : 1);
  for (int& fd : fds) {
    fd = ::accept(listener, nullptr, nullptr);
    if (fd < 0) die("accept");
  }
  std::printf("accepted\n");
  std::fflush(stdout);
  const std::uint64_t amount = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 0;
  Tally tally;
  const bool is_known = fds.size() == 1 ? read_in_mode(argv[2], fds[0], amount, tally)
                                        : read_side_by_side(argv[2], fds, tally);
  if (!is_known) return 2;
  for (const int fd : fds) ::close(fd);
  print(tally);
  return 0;
}
