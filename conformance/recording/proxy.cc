#include "recording/proxy.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <list>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "os/error_text.h"
#include "recording/interruptible_poll.h"
#include "recording/relay.h"

namespace framespec::conformance {
namespace {

struct EndsOfSocket {
  sockaddr_storage own{};
  socklen_t own_size = sizeof(sockaddr_storage);
  sockaddr_storage peer{};
  socklen_t peer_size = sizeof(sockaddr_storage);
};

/// Sizes are 0 where it is not connected.
EndsOfSocket ends_of(const UniqueFd& fd) {
  EndsOfSocket ends;
  if (getsockname(fd.get(), reinterpret_cast<sockaddr*>(&ends.own), &ends.own_size) != 0 ||
      getpeername(fd.get(), reinterpret_cast<sockaddr*>(&ends.peer), &ends.peer_size) != 0) {
    return {.own_size = 0, .peer_size = 0};
  }
  return ends;
}

bool is_other_side(const EndsOfSocket& one, const EndsOfSocket& other) {
  return one.own_size == other.peer_size && one.peer_size == other.own_size &&
         std::memcmp(&one.own, &other.peer, one.own_size) == 0 &&
         std::memcmp(&one.peer, &other.own, one.peer_size) == 0;
}

/// So many at once are passed on; further ones wait in the listener's queue.
constexpr std::size_t kConnectionsMax = 256;

std::unexpected<RecordError> cannot_work(std::string sentence) {
  return std::unexpected(
      RecordError{.kind = RecordError::Kind::kCannotWork, .sentence = std::move(sentence)});
}

class Connection {
 public:
  /// `service` may still be connecting.
  Connection(std::uint64_t number, UniqueFd client, UniqueFd service)
      : number_(number), client_(std::move(client)), service_(std::move(service)) {}

  /// Counted from 1 as they come, without those that have ended without a byte.
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  void count_one_less() noexcept { --number_; }

  [[nodiscard]] Conversation& conversation() noexcept { return conversation_; }
  [[nodiscard]] const Conversation& conversation() const noexcept { return conversation_; }
  [[nodiscard]] bool has_spoken() const noexcept { return relay_ && relay_->has_spoken(); }
  [[nodiscard]] bool was_answered() const noexcept { return relay_ && relay_->was_answered(); }
  /// Ours, with which the service is reached.
  [[nodiscard]] const UniqueFd& service() const noexcept {
    return relay_ ? relay_->service() : service_;
  }

  void add_polled(std::vector<pollfd>& polled) const {
    if (relay_) return relay_->add_polled(polled);
    polled.push_back({.fd = -1, .events = 0, .revents = 0});
    polled.push_back({.fd = service_.get(), .events = POLLOUT, .revents = 0});
  }

  /// An error: the service was not to be reached.
  [[nodiscard]] std::expected<Relay::Outcome, Endpoint::ConnectError> advance(
      const Endpoint& endpoint, std::span<const pollfd> polled, bool is_recorded) {
    const pollfd& client = polled.front();
    const pollfd& service = polled.back();
    if (relay_) return relay_->advance(client, service, is_recorded ? &conversation_ : nullptr);
    if (service.revents == 0) return Relay::Outcome::kGoesOn;
    if (auto connected = endpoint.finish_connecting(service_); !connected) {
      reset(client_);
      return std::unexpected(std::move(connected.error()));
    }
    relay_.emplace(std::move(client_), std::move(service_));
    return Relay::Outcome::kGoesOn;
  }

  /// Ends one that goes on.
  void abort() {
    if (relay_) return relay_->abort();
    reset(client_);
    reset(service_);
  }

 private:
  std::uint64_t number_;
  Conversation conversation_;
  UniqueFd client_;  // until there is a relay, which has them then
  UniqueFd service_;
  std::optional<Relay> relay_;
};

class Proxy {
 public:
  Proxy(const ProxyOptions& options, UniqueFd listener)
      : options_(options), listener_(std::move(listener)) {}

  [[nodiscard]] std::expected<Conversation, RecordError> record();

 private:
  using Done = std::expected<void, RecordError>;

  [[nodiscard]] Done accept();
  [[nodiscard]] Done advance(std::span<const pollfd> polled);
  [[nodiscard]] bool comes_from_here(const UniqueFd& client) const;
  [[nodiscard]] bool seems_to_lead_back() const;
  [[nodiscard]] bool may_be_recorded(const Connection& connection) const;
  void leave_uncounted(std::uint64_t number);
  [[nodiscard]] Done not_reached(std::uint64_t number, const std::string& why);
  [[nodiscard]] bool may_accept() const {
    return !lacks_descriptors_ && connections_.size() < kConnectionsMax;
  }

  const ProxyOptions& options_;
  UniqueFd listener_;
  std::list<Connection> connections_;
  std::uint64_t count_ = 0;  ///< without those that ended without a byte
  /// Until a connection ends: the listener would be ready again and again.
  bool lacks_descriptors_ = false;
  bool is_done_ = false;
  bool has_begun_ = false;  ///< a byte was said on the one that is recorded
  Conversation conversation_;
};

// Where one that came before it turns out to have been a port probe, another one is in its place.
bool Proxy::may_be_recorded(const Connection& connection) const {
  return connection.number() == options_.connection ||
         (!has_begun_ && connection.number() > options_.connection);
}

void Proxy::leave_uncounted(std::uint64_t number) {
  --count_;
  for (Connection& connection : connections_) {
    if (connection.number() > number) connection.count_one_less();
  }
  options_.tell(fmt::format(
      "connection {} ended without a byte, and is not counted: connection {} is the next one",
      number, number));
}

// Each would open another one, until there are as many as may be. Both ends are compared: the
// kernel gives the port of one connection to another one as well, if that has another destination.
bool Proxy::comes_from_here(const UniqueFd& client) const {
  const EndsOfSocket there = ends_of(client);
  return there.peer_size > 0 &&
         std::ranges::any_of(connections_, [&there](const Connection& connection) {
           return is_other_side(ends_of(connection.service()), there);
         });
}

bool Proxy::seems_to_lead_back() const {
  return connections_.size() == kConnectionsMax &&
         std::ranges::none_of(connections_, &Connection::was_answered);
}

std::expected<Conversation, RecordError> Proxy::record() {
  const InterruptiblePoll poll;
  std::vector<pollfd> polled;
  while (!is_done_ && !options_.cancelled->load()) {
    polled.assign(1, {.fd = may_accept() ? listener_.get() : -1, .events = POLLIN, .revents = 0});
    for (const Connection& connection : connections_) connection.add_polled(polled);
    poll.wait(polled);
    if (auto done = advance(std::span(polled).subspan(1)); !done) {
      return std::unexpected(std::move(done.error()));
    }
    if (polled.front().revents == 0) continue;
    if (auto done = accept(); !done) return std::unexpected(std::move(done.error()));
  }
  std::size_t others = 0;
  for (Connection& connection : connections_) {
    if (connection.number() == options_.connection) {
      conversation_ = std::move(connection.conversation());
      options_.tell("interrupted: what came until then is recorded, and the connection is ended");
    } else {
      ++others;
    }
    connection.abort();
  }
  if (others > 0) {
    options_.tell(fmt::format("{} other connection{} ended with the recording", others,
                              others == 1 ? " was" : "s were"));
  }
  if (conversation_.size() > 0) return std::move(conversation_);
  return cannot_work(
      fmt::format("nothing was recorded: {}",
                  count_ < options_.connection
                      ? fmt::format("no connection number {} came to {}", options_.connection,
                                    options_.listen.text())
                      : fmt::format("not a byte was said on connection {}", options_.connection)));
}

Proxy::Done Proxy::accept() {
  UniqueFd client(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
  if (!client) {
    const int error = errno;
    if (!os::is_own_lack(error)) return {};  // it has gone again
    if (connections_.empty()) {
      return cannot_work("no connection can be taken: " + os::error_text(error));
    }
    lacks_descriptors_ = true;
    return {};
  }
  if (comes_from_here(client)) {
    return cannot_work(
        fmt::format("--to {} leads back to --listen {}: a connection came from this proxy itself",
                    options_.service.text(), options_.listen.text()));
  }
  const std::uint64_t number = ++count_;
  if (number != options_.connection) {
    options_.tell(fmt::format("connection {} is passed on, and not recorded", number));
  }
  auto service = options_.service.begin_connecting();
  if (!service) {
    reset(client);
    return not_reached(number, service.error().sentence);
  }
  connections_.emplace_back(number, std::move(client), std::move(*service));
  if (seems_to_lead_back()) {
    return cannot_work(fmt::format(
        "{} connections are open, and none was answered: --to {} seems to lead back to --listen {}",
        kConnectionsMax, options_.service.text(), options_.listen.text()));
  }
  return {};
}

Proxy::Done Proxy::advance(std::span<const pollfd> polled) {
  for (auto connection = connections_.begin(); connection != connections_.end();) {
    const std::uint64_t number = connection->number();
    const auto own = polled.first(Relay::kPolledCount);
    polled = polled.subspan(Relay::kPolledCount);
    const auto outcome = connection->advance(options_.service, own, may_be_recorded(*connection));
    const bool is_silent = !connection->has_spoken();
    const bool is_recorded = number == options_.connection;
    has_begun_ |= is_recorded && !is_silent;
    if (outcome && *outcome == Relay::Outcome::kGoesOn) {
      ++connection;
      continue;
    }
    if (is_recorded) conversation_ = std::move(connection->conversation());
    connection = connections_.erase(connection);
    lacks_descriptors_ = false;
    if (!outcome) {
      if (auto done = not_reached(number, outcome.error().sentence); !done) return done;
    } else if (*outcome == Relay::Outcome::kTooLarge) {
      return cannot_work(recorded_limits());
    } else if (is_silent && number <= options_.connection) {
      leave_uncounted(number);
    } else if (is_recorded) {
      is_done_ = true;
    }
  }
  return {};
}

Proxy::Done Proxy::not_reached(std::uint64_t number, const std::string& why) {
  if (number == options_.connection) return cannot_work(why);
  options_.tell(fmt::format("connection {}: {}", number, why));
  return {};
}

}  // namespace

std::expected<Conversation, RecordError> record_through_proxy(const ProxyOptions& options) {
  ProxyOptions own = options;
  auto listener = own.listen.listen();
  if (!listener) {
    return std::unexpected(RecordError{.sentence = "--listen: " + listener.error()});
  }
  if (own.service.leads_to(own.listen)) {
    return std::unexpected(RecordError{
        .sentence = fmt::format("--to {} is where the proxy itself listens (--listen {})",
                                own.service.text(), own.listen.text())});
  }
  own.tell(fmt::format("listening on {}, passing on to {}", own.listen.text(), own.service.text()));
  return Proxy(own, std::move(*listener)).record();
}

}  // namespace framespec::conformance
