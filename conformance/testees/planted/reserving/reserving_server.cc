// An int32 echo server with a thread for each connection and at most one planted defect: it takes
// memory for the announced length before the bytes are there.
//
// usage: reserving_server PORT --defect none|reserves|reserves_and_fills
//
// Right, it lets its buffer grow with what arrives. `reserves` takes address space that is never
// touched; `reserves_and_fills` fills it with zeros.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

constexpr std::size_t kPayloadMax = std::size_t{16} << 20U;
constexpr std::size_t kReceiveSize = std::size_t{64} * 1024;

enum class Defect { kNone, kReserves, kReservesAndFills };

bool read_whole(int fd, char* to, std::size_t size) {
  while (size > 0) {
    const ssize_t got = recv(fd, to, size, 0);
    if (got <= 0) return false;
    to += got;
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

bool write_whole(int fd, const char* from, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = send(fd, from, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    from += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

bool echo(int fd, std::uint32_t size) {
  return write_whole(fd, reinterpret_cast<const char*>(&size), sizeof size);
}

bool echo_grown(int fd, std::uint32_t size) {
  std::vector<char> payload;
  while (payload.size() < size) {
    const std::size_t before = payload.size();
    payload.resize(before + std::min<std::size_t>(kReceiveSize, size - before));
    if (!read_whole(fd, payload.data() + before, payload.size() - before)) return false;
  }
  return echo(fd, size) && write_whole(fd, payload.data(), size);
}

bool echo_reserved(int fd, std::uint32_t size, Defect defect) {
  const auto payload = std::make_unique_for_overwrite<char[]>(size);
  if (defect == Defect::kReservesAndFills) std::memset(payload.get(), 0, size);
  return read_whole(fd, payload.get(), size) && echo(fd, size) &&
         write_whole(fd, payload.get(), size);
}

// A close over unread bytes would be a reset, which destroys the last answers.
void close_gently(int fd) {
  shutdown(fd, SHUT_WR);
  const timeval patience{.tv_sec = 1, .tv_usec = 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  std::vector<char> unread(kReceiveSize);
  while (recv(fd, unread.data(), unread.size(), 0) > 0) {
  }
  close(fd);
}

void serve(int fd, Defect defect) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  std::uint32_t size = 0;
  while (read_whole(fd, reinterpret_cast<char*>(&size), sizeof size) && size <= kPayloadMax) {
    if (!(defect == Defect::kNone ? echo_grown(fd, size) : echo_reserved(fd, size, defect))) break;
  }
  close_gently(fd);
}

std::optional<Defect> defect_named(std::string_view name) {
  if (name == "none") return Defect::kNone;
  if (name == "reserves") return Defect::kReserves;
  if (name == "reserves_and_fills") return Defect::kReservesAndFills;
  return std::nullopt;
}

}  // namespace

int main(int argc, char** argv) {
  const auto defect =
      argc == 4 && std::string_view(argv[2]) == "--defect" ? defect_named(argv[3]) : std::nullopt;
  if (!defect) {
    std::cerr << "usage: reserving_server PORT --defect none|reserves|reserves_and_fills\n";
    return 2;
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(argv[1])));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener, 1024) != 0) {
    std::cerr << "reserving_server: cannot listen: " << std::strerror(errno) << '\n';
    return 1;
  }
  for (;;) {
    const int fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd >= 0) std::thread(serve, fd, *defect).detach();
  }
}
