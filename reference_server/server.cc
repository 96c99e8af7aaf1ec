#include "server.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/error.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <csignal>
#include <exception>
#include <utility>

namespace framespec::server {
namespace {

using std::chrono::milliseconds;

// Descriptors the server needs besides those of its listeners and connections: the standard
// streams, the event loop's, the folder, the port file, and what is open only while a command
// starts.
constexpr rlim_t kOtherDescriptors = 32;
constexpr milliseconds kBackOffMin{20};
constexpr milliseconds kBackOffMax{1000};

// The connection went away in the backlog (or its network did): the next one may be fine.
bool concerns_one_connection(const std::error_code& error) {
  return error == std::errc::connection_aborted || error == std::errc::protocol_error ||
         error == std::errc::network_down || error == std::errc::network_unreachable ||
         error == std::errc::host_unreachable || error == std::errc::operation_not_permitted;
}

}  // namespace

struct Server::Door {
  Door(std::unique_ptr<Listener> opened, asio::io_context& io)
      : listener(std::move(opened)), room(io) {}
  std::unique_ptr<Listener> listener;
  asio::steady_timer room;  // cancelled when a connection has ended
};

Server::Server(const Options& options)
    : options_(options),
      log_(options.log_level, options.log_format),
      reply_format_{options.dialect, options.replies, options.cork, options.reply_segmentation},
      connections_max_(options.connections_max) {}

Server::~Server() = default;

std::expected<void, Exit> Server::open() {
  auto service = make_service(options_, log_);
  if (!service) return std::unexpected(service.error());
  service_ = *std::move(service);
  if (auto limited = limit_requests(); !limited) return limited;
  setup_.emplace(options_, request_dialect_, reply_format_, *service_, log_);

  // Before there is a socket's path or a port file that a signal would leave behind.
  if (auto taken = take_signals(); !taken) return taken;
  fit_descriptor_limit();
  if (auto opened = open_listeners(); !opened) return opened;
  return write_port_file();
}

std::expected<void, Exit> Server::take_signals() {
  // A peer that is gone shows as an error of the write, not as the end of the server.
  std::signal(SIGPIPE, SIG_IGN);
  // Ignored, as some parents have it, the kernel would reap our children, and give their numbers
  // away while we still use them.
  std::signal(SIGCHLD, SIG_DFL);
  std::error_code error;
  for (const int signal : {SIGTERM, SIGINT, SIGQUIT, SIGHUP}) {
    // Ignored by nohup, so that the server outlives its terminal.
    struct sigaction before{};
    const bool ignored = ::sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_IGN;
    if (signal == SIGHUP && ignored) continue;
    signals_.add(signal, error);
    if (error) {
      return std::unexpected(
          Exit{.code = kExitNetwork, .text = "cannot wait for signals: " + error.message()});
    }
  }
  return {};
}

std::expected<void, Exit> Server::limit_requests() {
  // A reply with the shortest name and payload; what a larger one needs, its own error says.
  auto room = check_header_room(options_.dialect, "", 0);
  if (options_.replies == Framing::kFramed && !room) {
    room.error().file = options_.dialect.name;
    return std::unexpected(Exit{.text = "--dialect: " + to_string(room.error())});
  }
  const std::uint64_t limit = std::min(options_.payload_size_max, service_->request_size_max());
  if (options_.requests == Framing::kRaw) {  // the dialect's minimum is that of frames
    request_dialect_ = options_.dialect;
    request_dialect_.payload_size_max = std::min(request_dialect_.payload_size_max, limit);
    return {};
  }
  auto limited = options_.dialect.with_payload_limit(limit);
  if (!limited) return std::unexpected(Exit{.text = to_string(limited.error())});
  request_dialect_ = *std::move(limited);
  return {};
}

std::expected<void, Exit> Server::open_listeners() {
  for (const ListenAddress& address : options_.listen) {
    auto listener = open_listener(io_.get_executor(), address, options_);
    if (!listener) return std::unexpected(listener.error());
    if (options_.service == ServiceKind::kExec && !(*listener)->is_local()) {
      if (!options_.allow_non_loopback) {
        return std::unexpected(
            Exit{.text = fmt::format("{} can be reached from other machines, and the exec service "
                                     "asks nobody for a password; listen on a loopback address, or "
                                     "add --allow-non-loopback if that is really meant",
                                     (*listener)->where())});
      }
      log_.error("exec_open_to_the_network")
          .with("address", (*listener)->where())
          .with("detail", "whoever reaches this address runs the allowed commands as this user");
    }
    doors_.push_back(std::make_unique<Door>(*std::move(listener), io_));
  }
  return {};
}

std::expected<void, Exit> Server::write_port_file() {
  if (options_.port_file.empty()) return {};
  std::string text;
  for (const auto& door : doors_) {
    if (door->listener->port() != 0) text += fmt::format("{}\n", door->listener->port());
  }
  auto file = PortFile::write(options_.port_file, text);
  if (!file) return std::unexpected(file.error());
  port_file_.emplace(*std::move(file));
  return {};
}

// The usual soft limit of 1024 is less than what the connections need. Where the hard limit is too,
// fewer are served at once: a request must not fail because others hold the descriptors it needs.
void Server::fit_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  const rlim_t others = kOtherDescriptors + options_.listen.size();
  const rlim_t wanted = service_->descriptors_for(options_.connections_max) + others;
  if (limit.rlim_cur >= wanted) return;
  const rlim_t before = limit.rlim_cur;
  limit.rlim_cur = std::min(wanted, limit.rlim_max);
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = before;
  if (limit.rlim_cur >= wanted) return;
  while (connections_max_ > 1 &&
         service_->descriptors_for(connections_max_) + others > limit.rlim_cur) {
    --connections_max_;
  }
  log_.warn("descriptor_limit")
      .with("descriptors", std::uint64_t{limit.rlim_cur})
      .with("max_connections", connections_max_)
      .with("detail", "fewer connections than asked for are served at once; more wait");
}

std::vector<std::string> Server::addresses() const {
  std::vector<std::string> addresses;
  addresses.reserve(doors_.size());
  for (const auto& door : doors_) addresses.push_back(door->listener->where());
  return addresses;
}

void Server::run() {
  for (const auto& door : doors_) {
    log_.info("listening").with("address", door->listener->where());
    asio::co_spawn(io_, accept_from(*door), asio::detached);
  }
  wait_for_signal();
  io_.run();
  log_.info("stopped").with("connections", last_session_id_);
}

asio::awaitable<void> Server::accept_from(Door& door) {
  milliseconds back_off = kBackOffMin;
  while (!stopping_) {
    if (is_full()) {
      co_await wait_for_room(door, std::nullopt);
      continue;
    }
    auto accepted = co_await door.listener->accept();
    if (accepted) {
      back_off = kBackOffMin;
      // Another listener may have given the last place away meanwhile.
      while (!stopping_ && is_full()) co_await wait_for_room(door, std::nullopt);
      if (stopping_) break;
      start_session(*std::move(accepted));
      continue;
    }
    if (stopping_ || accepted.error() == asio::error::operation_aborted) break;
    if (concerns_one_connection(accepted.error())) continue;
    // Out of descriptors or memory, as a rule: the connection stays in the backlog, and asking
    // again at once would only spin.
    if (back_off == kBackOffMin) {
      log_.error("accept_failed")
          .with("address", door.listener->where())
          .with("detail", accepted.error().message());
    }
    co_await wait_for_room(door, back_off);
    back_off = std::min(back_off * 2, kBackOffMax);
  }
}

asio::awaitable<void> Server::wait_for_room(Door& door, std::optional<milliseconds> at_most) {
  if (at_most) {
    door.room.expires_after(*at_most);
  } else {
    door.room.expires_at(asio::steady_timer::time_point::max());
  }
  std::error_code ignored;
  co_await door.room.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

void Server::start_session(Accepted accepted) {
  const std::uint64_t id = ++last_session_id_;
  auto session =
      std::make_shared<Session>(std::move(accepted.socket), id, std::move(accepted.peer), *setup_);
  sessions_.emplace(id, session);
  asio::co_spawn(io_, session->run(),
                 [this, id](const std::exception_ptr& failure) { on_session_ended(id, failure); });
}

void Server::on_session_ended(std::uint64_t id, const std::exception_ptr& failure) {
  if (failure) {
    // No library call here throws but for lack of memory: one connection's loss alone (CON-1).
    std::string what;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& error) {
      what = error.what();
    } catch (...) {
      what = "an exception of unknown type";
    }
    log_.error("connection_failed").with("connection", id).with("detail", what);
  }
  sessions_.erase(id);
  for (const auto& door : doors_) door->room.cancel();
  end_if_drained();
}

void Server::wait_for_signal() {
  signals_.async_wait([this](const std::error_code& error, int signal) {
    if (error) return;
    log_.info(stopping_ ? "stopping_at_once" : "draining")
        .with("signal", static_cast<std::uint64_t>(signal))
        .with("connections", sessions_.size());
    if (stopping_) {
      abort_sessions();
    } else {
      begin_drain();
    }
    wait_for_signal();
    end_if_drained();
  });
}

void Server::begin_drain() {
  stopping_ = true;
  for (const auto& door : doors_) {
    door->listener->close();
    door->room.cancel();
  }
  for (const auto& [id, session] : sessions_) session->drain();
  drain_timer_.expires_after(
      std::chrono::duration_cast<asio::steady_timer::duration>(options_.drain_timeout));
  drain_timer_.async_wait([this](const std::error_code& error) {
    if (error) return;
    log_.warn("drain_timeout").with("connections", sessions_.size());
    abort_sessions();
  });
}

void Server::abort_sessions() {
  for (const auto& [id, session] : sessions_) session->abort();
}

// Nothing is left to wait for but the two that would wait for ever.
void Server::end_if_drained() {
  if (!stopping_ || !sessions_.empty()) return;
  signals_.cancel();
  drain_timer_.cancel();
}

}  // namespace framespec::server
