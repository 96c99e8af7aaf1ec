// The server: its listeners, its sessions, and how they all end.
#pragma once

#include <asio/io_context.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "listener.h"
#include "log.h"
#include "options.h"
#include "port_file.h"
#include "service.h"
#include "session.h"

namespace framespec::server {

/// One thread runs everything: sessions are coroutines that wait, none of them ever blocks for
/// long, and nothing needs a lock.
class Server {
 public:
  /// `options` outlives the server.
  explicit Server(const Options& options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Opens everything that `options` ask for, or says why it cannot.
  std::expected<void, Exit> open();

  /// Where it listens, in the order of the options.
  std::vector<std::string> addresses() const;

  /// Serves until SIGTERM or SIGINT, then drains (TIM-4).
  void run();

 private:
  struct Door;  // a listener and what its accept loop waits on

  std::expected<void, Exit> limit_requests();
  std::expected<void, Exit> open_listeners();
  std::expected<void, Exit> write_port_file();
  void raise_descriptor_limit() const;

  asio::awaitable<void> accept_from(Door& door);
  asio::awaitable<void> wait_for_room(Door& door, std::optional<std::chrono::milliseconds> at_most);
  void start_session(Accepted accepted);
  void on_session_ended(std::uint64_t id, const std::exception_ptr& failure);

  void wait_for_signal();
  void begin_drain();
  void abort_sessions();
  void end_if_drained();

  const Options& options_;
  Log log_;
  asio::io_context io_{1};
  asio::signal_set signals_{io_};
  asio::steady_timer drain_timer_{io_};
  Dialect request_dialect_;
  ReplyFormat reply_format_;
  std::unique_ptr<Service> service_;
  std::optional<SessionSetup> setup_;
  std::optional<PortFile> port_file_;
  std::vector<std::unique_ptr<Door>> doors_;
  std::unordered_map<std::uint64_t, std::shared_ptr<Session>> sessions_;
  std::uint64_t last_session_id_ = 0;
  bool stopping_ = false;
};

}  // namespace framespec::server
