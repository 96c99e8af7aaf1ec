#include "name_lookup.h"

#include <fcntl.h>
#include <netdb.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <asio/posix/stream_descriptor.hpp>
#include <asio/redirect_error.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include "signals_held.h"
#include "watchdog.h"

namespace framespec::client {

namespace {

std::string message_of(int error) { return std::generic_category().message(error); }

asio::ip::tcp::endpoint endpoint_of(const addrinfo& info) {
  asio::ip::tcp::endpoint endpoint;
  endpoint.resize(info.ai_addrlen);
  std::memcpy(endpoint.data(), info.ai_addr, info.ai_addrlen);
  return endpoint;
}

// Between the coroutine and the thread; the last of them takes it away.
struct Lookup {
  Lookup() : answered_event(::eventfd(0, EFD_CLOEXEC)) {}
  ~Lookup() {
    if (answered_event >= 0) ::close(answered_event);
  }
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;

  void answer(Addresses found) {
    const std::lock_guard lock(mutex);
    addresses = std::move(found);
    // Nobody may be waiting any more.
    [[maybe_unused]] const int ignored = ::eventfd_write(answered_event, 1);
  }

  const int answered_event;
  std::mutex mutex;
  std::optional<Addresses> addresses;  // guarded by mutex
};

}  // namespace

Addresses ask_system(const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_protocol = IPPROTO_TCP;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found); error != 0) {
    return std::unexpected(error == EAI_SYSTEM ? message_of(errno) : ::gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, ::freeaddrinfo);
  std::vector<asio::ip::tcp::endpoint> endpoints;
  for (const addrinfo* info = found; info != nullptr; info = info->ai_next) {
    endpoints.push_back(endpoint_of(*info));
  }
  return endpoints;
}

asio::awaitable<Addresses> look_up(std::string host, std::string port,
                                   std::chrono::milliseconds limit,
                                   std::function<Addresses(std::string, std::string)> ask) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto lookup = std::make_shared<Lookup>();
  // A duplicate, as the descriptor must last as long as the thread may write to it.
  const int event = ::fcntl(lookup->answered_event, F_DUPFD_CLOEXEC, 0);
  if (event < 0) co_return std::unexpected(message_of(errno));
  asio::posix::stream_descriptor answered(executor, event);
  {
    const SignalsHeld held;  // signals are the main thread's, which alone can hold them back
    std::thread([lookup, ask = std::move(ask), host = std::move(host), port = std::move(port)] {
      lookup->answer(ask(host, port));
    }).detach();
  }
  {
    Watchdog watchdog(executor, limit, [&answered] { answered.cancel(); });
    const Watchdog::Guard guard(watchdog);
    std::error_code ignored;  // whether there is an answer is seen from the answer
    co_await answered.async_wait(asio::posix::stream_descriptor::wait_read,
                                 asio::redirect_error(asio::use_awaitable, ignored));
  }
  const std::lock_guard lock(lookup->mutex);
  if (!lookup->addresses) co_return std::unexpected(std::string("no answer in time"));
  co_return *std::move(lookup->addresses);
}

}  // namespace framespec::client
