#include "phenomena/stage.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "framespec/printable.h"
#include "os/error_text.h"

namespace framespec::phenomena {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

[[noreturn]] void refuse(std::string_view call, int error) {
  throw CannotPlay(fmt::format("{}: {}", call, os::error_text(error)));
}

int checked(int result, std::string_view call) {
  if (result < 0) refuse(call, errno);
  return result;
}

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

}  // namespace

void Stage::begin(Scene scene) {
  scene_ = std::move(scene);
  scene_.steps.clear();
  begin_ = steady_clock::now();
}

std::chrono::nanoseconds Stage::now() const { return steady_clock::now() - begin_; }

void Stage::note(Who who, std::string what, Passage passage) {
  scene_.steps.push_back({.at = now(), .who = who, .what = std::move(what), .passage = passage});
}

bool Stage::wait_for(int fd, short events, milliseconds at_most) const {
  // A signal that comes between the look at the flag and poll() is seen so much later.
  constexpr milliseconds kLook{50};
  const auto deadline = steady_clock::now() + at_most;
  for (;;) {
    if (interrupted_.load()) throw CannotPlay("interrupted");
    const auto left = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
    pollfd entry{.fd = fd, .events = events, .revents = 0};
    const auto time = std::clamp(left, milliseconds(0), kLook);
    const int ready = ::poll(&entry, 1, static_cast<int>(time.count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) refuse("poll", errno);
    if (left <= milliseconds(0)) return false;
  }
}

End::End(Stage& stage, Who who)
    : End(stage, who,
          checked(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket")) {}

void End::listen_at(std::uint16_t port, int backlog) {
  if (const int error = bind_to(port); error != 0) refuse("bind", error);
  checked(::listen(fd(), backlog), "listen");
}

int End::bind_to(std::uint16_t port) {
  const sockaddr_in address = loopback(port);
  const int result = ::bind(fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  return result == 0 ? 0 : errno;
}

std::uint16_t End::port() const {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  checked(::getsockname(fd(), reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  return ntohs(address.sin_port);
}

End End::accept() {
  if (!stage_->wait_for(fd(), POLLIN, kPatience)) throw CannotPlay("no connection came");
  const int accepted =
      checked(::accept4(fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC), "accept");
  return {*stage_, who_, accepted};
}

bool End::connect_to(std::uint16_t port) {
  const sockaddr_in address = loopback(port);
  if (::connect(fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
      errno != EINPROGRESS) {
    refuse("connect", errno);
  }
  return wait_until_connected(milliseconds(0));
}

bool End::wait_until_connected(milliseconds at_most) {
  if (!stage_->wait_for(fd(), POLLOUT, at_most)) return false;
  int error = 0;
  socklen_t size = sizeof error;
  checked(::getsockopt(fd(), SOL_SOCKET, SO_ERROR, &error, &size), "getsockopt");
  if (error != 0) refuse("connect", error);
  return true;
}

void End::write(std::string_view bytes) {
  const std::uint32_t packets_before = packets().with_data;
  const ssize_t count = ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (count < 0) refuse("send", errno);
  if (static_cast<std::size_t>(count) != bytes.size()) {
    throw CannotPlay("the kernel has no room for a few bytes");
  }
  const delivery::OwnPackets after = packets();
  const bool is_sent = after.with_data > packets_before && after.waiting == 0;
  stage_->note(who_, fmt::format("write \"{}\"", printable(bytes)),
               is_sent ? Passage::kSent : Passage::kHeld);
}

std::string End::read(std::size_t size) {
  if (!stage_->wait_for(fd(), POLLIN, kPatience)) {
    throw CannotPlay(fmt::format("nothing came for {} s", kPatience.count() / 1000));
  }
  std::string bytes(size, '\0');
  const ssize_t count = ::recv(fd(), bytes.data(), bytes.size(), 0);
  if (count < 0) refuse("recv", errno);
  bytes.resize(static_cast<std::size_t>(count));
  stage_->note(who_, bytes.empty() ? fmt::format("read({}): end of stream", size)
                                   : fmt::format("read({}): \"{}\"", size, printable(bytes)));
  return bytes;
}

std::string End::read_exactly(std::size_t size) {
  std::string bytes;
  while (bytes.size() < size) {
    const std::string more = read(size - bytes.size());
    if (more.empty()) break;
    bytes += more;
  }
  return bytes;
}

void End::finish() {
  checked(::shutdown(fd(), SHUT_WR), "shutdown");
  stage_->note(who_, "no more", packets().waiting == 0 ? Passage::kSent : Passage::kHeld);
}

int End::wait_for_all() {
  // The end is seen when it is in its place: behind all bytes.
  if (!stage_->wait_for(fd(), POLLRDHUP, kPatience)) throw CannotPlay("no end of stream came");
  int count = 0;
  checked(::ioctl(fd(), FIONREAD, &count), "FIONREAD");
  return count;
}

void End::close(std::string_view words) {
  fd_.close();
  stage_->note(who_, std::string(words));
}

void End::set(int level, int name, int value, std::string_view words) {
  checked(::setsockopt(fd(), level, name, &value, sizeof value), words);
  stage_->note(who_, std::string(words));
}

delivery::OwnPackets End::packets() const {
  const auto packets = delivery::read_own_packets(fd());
  if (!packets) throw CannotPlay("this kernel does not count the packets of a connection");
  return *packets;
}

Pair::Pair(Stage& stage, const std::string& what)
    : client(stage, Who::kLeft), server(stage, Who::kRight) {
  server.listen_at(0, 1);
  if (!client.connect_to(server.port()) && !client.wait_until_connected()) {
    throw CannotPlay("no connection over loopback came about");
  }
  server = server.accept();
  stage.note_connection({.left_port = client.port(), .right_port = server.port(), .what = what});
}

}  // namespace framespec::phenomena
