#include "scripted_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "framespec/encoder.h"
#include "framespec/frame_deframer.h"
#include "framespec/prefix.h"

namespace framespec::client::test {

namespace {

const Dialect& dialect_named(const char* name) {
  const Dialect* const dialect = find_dialect(name);
  if (dialect == nullptr) throw std::runtime_error(std::string("no dialect ") + name);
  return *dialect;
}

int listen_on(int family, const sockaddr* address, socklen_t size) {
  const int listener = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0 || ::bind(listener, address, size) != 0 || ::listen(listener, 16) != 0) {
    throw std::runtime_error("cannot listen: " + std::generic_category().message(errno));
  }
  return listener;
}

std::uint16_t port_of(int listener) {
  sockaddr_storage address{};
  socklen_t size = sizeof(address);
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&address)->sin6_port
                                             : reinterpret_cast<sockaddr_in*>(&address)->sin_port);
}

}  // namespace

Peer::~Peer() { close(); }

std::string Peer::receive() {
  std::string bytes(65536, '\0');
  const ssize_t size = ::recv(socket_, bytes.data(), bytes.size(), 0);
  bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return bytes;
}

std::string Peer::receive_frame(const char* dialect) {
  while (true) {
    FrameDeframer deframer(dialect_named(dialect));
    Bytes input = as_bytes(left_);
    auto frame = deframer.next(input);
    if (!frame) throw std::runtime_error("the client sent: " + framespec::to_string(frame.error()));
    if (*frame) {
      std::string payload(as_text((*frame)->payload));
      left_.erase(0, left_.size() - input.size());
      return payload;
    }
    const std::string more = receive();
    if (more.empty()) return {};
    left_ += more;
  }
}

bool Peer::has_bytes() const {
  char byte = 0;
  return !left_.empty() || ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

std::string Peer::receive_all() {
  std::string all = std::exchange(left_, {});
  for (std::string more = receive(); !more.empty(); more = receive()) all += more;
  return all;
}

bool Peer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

void Peer::send_byte_by_byte(std::string_view bytes) {
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  for (const char& byte : bytes) send({&byte, 1});
}

void Peer::finish() { ::shutdown(socket_, SHUT_WR); }

void Peer::reset() {
  const linger now{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
  close();
}

void Peer::close() {
  const std::lock_guard lock(mutex_);
  current_ = -1;
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

ScriptedServer::ScriptedServer(Script script, Family family) : script_(std::move(script)) {
  if (family == Family::kIpv4) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener_ = listen_on(AF_INET, reinterpret_cast<sockaddr*>(&address), sizeof(address));
    address_ = "127.0.0.1:" + std::to_string(port_of(listener_));
  } else {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = in6addr_loopback;
    listener_ = listen_on(AF_INET6, reinterpret_cast<sockaddr*>(&address), sizeof(address));
    address_ = "[::1]:" + std::to_string(port_of(listener_));
  }
  thread_ = std::thread([this] { serve(); });
}

ScriptedServer::ScriptedServer(Script script, const std::string& unix_path)
    : script_(std::move(script)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  unix_path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  listener_ = listen_on(AF_UNIX, reinterpret_cast<sockaddr*>(&address), sizeof(address));
  address_ = "unix:" + unix_path;
  thread_ = std::thread([this] { serve(); });
}

ScriptedServer::~ScriptedServer() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    if (current_ >= 0) ::shutdown(current_, SHUT_RDWR);
  }
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

void ScriptedServer::serve() {
  while (true) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    {
      const std::lock_guard lock(mutex_);
      current_ = socket;
      if (stopped_) ::shutdown(socket, SHUT_RDWR);
    }
    Peer peer(socket, mutex_, current_);
    script_(peer);
  }
}

ScriptedServer::Script answer(std::string reply) {
  return [reply = std::move(reply)](Peer& peer) {
    peer.receive();
    peer.send(reply);
    peer.receive_all();
  };
}

std::string framed(const char* dialect, std::string_view payload, std::string_view filename) {
  ByteVector out;
  const auto appended = append_frame(out, dialect_named(dialect), as_bytes(payload),
                                     {.lead = {}, .filename = filename});
  if (!appended) throw std::runtime_error(framespec::to_string(appended.error()));
  return std::string(as_text(out));
}

std::string json_frame(std::string_view filename, std::string_view md5, std::string_view total_size,
                       std::string_view payload) {
  std::string header = "{\"filename\": \"";
  header.append(filename).append("\", \"md5\": \"").append(md5);
  header.append("\", \"total_size\": ").append(total_size).append("}");
  const auto prefix = encode_prefix(dialect_named("json"), header.size());
  if (!prefix) throw std::runtime_error(framespec::to_string(prefix.error()));
  return std::string(as_text(prefix->bytes())) + header + std::string(payload);
}

}  // namespace framespec::client::test
