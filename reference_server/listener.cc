#include "listener.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <asio/ip/tcp.hpp>
#include <asio/ip/v6_only.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <cerrno>
#include <utility>

#include "descriptor.h"

namespace framespec::server {
namespace {

using asio::ip::tcp;
using Unix = asio::local::stream_protocol;

std::string text_of(const tcp::endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  return endpoint.address().is_v6() ? fmt::format("[{}]:{}", host, endpoint.port())
                                    : fmt::format("{}:{}", host, endpoint.port());
}

std::unexpected<Exit> cannot_listen(const ListenAddress& address, const std::string& why) {
  return std::unexpected(Exit{.code = kExitNetwork,
                              .text = fmt::format("cannot listen on {}: {}", address.text, why)});
}

std::unexpected<Exit> in_use(const std::string& where) {
  return std::unexpected(Exit{
      .code = kExitNetwork,
      .text =
          fmt::format("{} is in use by another server; choose another address or stop it", where)});
}

// Fails only for a connection that is already gone; its first read says so.
void set_option(tcp::socket& socket, int level, int name, int value) {
  (void)::setsockopt(socket.native_handle(), level, name, &value, sizeof(value));
}

// A host that has vanished sends nothing, not even a reset: after two minutes of silence it is
// asked, and four questions without an answer end its connection.
void keep_alive(tcp::socket& socket) {
  set_option(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, 120);
  set_option(socket, IPPROTO_TCP, TCP_KEEPINTVL, 30);
  set_option(socket, IPPROTO_TCP, TCP_KEEPCNT, 4);
}

class TcpListener final : public Listener {
 public:
  TcpListener(tcp::acceptor acceptor, bool nodelay)
      : acceptor_(std::move(acceptor)),
        endpoint_(acceptor_.local_endpoint()),
        where_(text_of(endpoint_)),
        nodelay_(nodelay) {}

  asio::awaitable<std::expected<Accepted, std::error_code>> accept() override {
    std::error_code error;
    tcp::endpoint peer;
    tcp::socket socket =
        co_await acceptor_.async_accept(peer, asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return std::unexpected(error);
    set_option(socket, IPPROTO_TCP, TCP_NODELAY, nodelay_ ? 1 : 0);
    keep_alive(socket);
    co_return Accepted{Socket(std::move(socket)), text_of(peer)};
  }

  void close() override {
    std::error_code ignored;
    acceptor_.close(ignored);
  }

  const std::string& where() const noexcept override { return where_; }
  std::uint16_t port() const noexcept override { return endpoint_.port(); }
  bool is_local() const noexcept override { return endpoint_.address().is_loopback(); }

 private:
  tcp::acceptor acceptor_;
  tcp::endpoint endpoint_;
  std::string where_;
  bool nodelay_;
};

class UnixListener final : public Listener {
 public:
  UnixListener(Unix::acceptor acceptor, const std::string& path)
      : acceptor_(std::move(acceptor)), path_(path), where_("unix:" + path) {
    if (::lstat(path_.c_str(), &identity_) != 0) identity_ = {};
  }
  ~UnixListener() override { remove_path(); }

  asio::awaitable<std::expected<Accepted, std::error_code>> accept() override {
    std::error_code error;
    Unix::socket socket =
        co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
    if (error) co_return std::unexpected(error);
    co_return Accepted{Socket(std::move(socket)), "unix"};
  }

  void close() override {
    std::error_code ignored;
    acceptor_.close(ignored);
    remove_path();
  }

  const std::string& where() const noexcept override { return where_; }
  std::uint16_t port() const noexcept override { return 0; }
  bool is_local() const noexcept override { return true; }

 private:
  // Only if it is still ours: somebody may have put a newer socket there.
  void remove_path() {
    struct stat now{};
    if (identity_.st_ino != 0 && ::lstat(path_.c_str(), &now) == 0 &&
        now.st_ino == identity_.st_ino && now.st_dev == identity_.st_dev) {
      ::unlink(path_.c_str());
    }
    identity_ = {};
  }

  Unix::acceptor acceptor_;
  std::string path_;
  std::string where_;
  struct stat identity_{};
};

std::expected<tcp::endpoint, Exit> resolve(const asio::any_io_executor& executor,
                                           const ListenAddress& address) {
  std::error_code error;
  tcp::resolver resolver(executor);
  const auto found =
      resolver.resolve(address.host, std::to_string(address.port), tcp::resolver::passive, error);
  if (error || found.empty()) {
    return cannot_listen(
        address, fmt::format("'{}' is not an address or a name of this machine ({})", address.host,
                             error.message()));
  }
  return found.begin()->endpoint();
}

std::expected<std::unique_ptr<Listener>, Exit> open_tcp(const asio::any_io_executor& executor,
                                                        const ListenAddress& address,
                                                        const Options& options) {
  const auto endpoint = resolve(executor, address);
  if (!endpoint) return std::unexpected(endpoint.error());
  std::error_code error;
  tcp::acceptor acceptor(executor);
  acceptor.open(endpoint->protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  // So that 0.0.0.0 and [::] can be listened on side by side.
  if (!error && endpoint->protocol() == tcp::v6()) {
    acceptor.set_option(asio::ip::v6_only(true), error);
  }
  if (!error) acceptor.bind(*endpoint, error);
  if (!error) acceptor.listen(options.backlog, error);
  if (error == asio::error::address_in_use) return in_use(text_of(*endpoint));
  if (error) return cannot_listen(address, error.message());
  return std::make_unique<TcpListener>(std::move(acceptor), options.nodelay);
}

// Whether nobody listens at the socket `path`. Never waits: a live server whose backlog is full
// would keep a connection waiting for ever, and is told by EAGAIN.
bool is_refused(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  const Descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  return probe.is_open() &&
         ::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) !=
             0 &&
         errno == ECONNREFUSED;
}

// Nobody answers at the path, and what is there is a socket: its server is dead.
std::expected<void, Exit> remove_stale_socket(const ListenAddress& address) {
  struct stat found{};
  const bool exists = ::lstat(address.path.c_str(), &found) == 0;
  if (exists && S_ISLNK(found.st_mode)) {
    return cannot_listen(address, "the path is a symbolic link; name the socket itself");
  }
  if (exists && !S_ISSOCK(found.st_mode)) {
    return cannot_listen(address, "the path exists and is not a socket");
  }
  if (!is_refused(address.path)) return in_use(address.text);
  if (::unlink(address.path.c_str()) != 0) {
    return cannot_listen(address,
                         "the socket of a dead server is in the way and cannot be removed");
  }
  return {};
}

std::expected<std::unique_ptr<Listener>, Exit> open_unix(const asio::any_io_executor& executor,
                                                         const ListenAddress& address,
                                                         const Options& options) {
  std::error_code error;
  Unix::acceptor acceptor(executor);
  acceptor.open(Unix(), error);
  if (!error) acceptor.bind(Unix::endpoint(address.path), error);
  if (error == asio::error::address_in_use) {
    const auto removed = remove_stale_socket(address);
    if (!removed) return std::unexpected(removed.error());
    acceptor.bind(Unix::endpoint(address.path), error);
  }
  if (!error) acceptor.listen(options.backlog, error);
  if (error) return cannot_listen(address, error.message());
  return std::make_unique<UnixListener>(std::move(acceptor), address.path);
}

}  // namespace

std::expected<std::unique_ptr<Listener>, Exit> open_listener(const asio::any_io_executor& executor,
                                                             const ListenAddress& address,
                                                             const Options& options) {
  return address.is_unix ? open_unix(executor, address, options)
                         : open_tcp(executor, address, options);
}

}  // namespace framespec::server
