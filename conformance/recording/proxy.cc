#include "recording/proxy.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
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

  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }

  void add_polled(std::vector<pollfd>& polled) const {
    if (relay_) return relay_->add_polled(polled);
    polled.push_back({.fd = -1, .events = 0, .revents = 0});
    polled.push_back({.fd = service_.get(), .events = POLLOUT, .revents = 0});
  }

  /// An error: the service was not to be reached.
  [[nodiscard]] std::expected<Relay::Outcome, Endpoint::ConnectError> advance(
      const Endpoint& endpoint, std::span<const pollfd> polled, Conversation* conversation) {
    const pollfd& client = polled.front();
    const pollfd& service = polled.back();
    if (relay_) return relay_->advance(client, service, conversation);
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
  [[nodiscard]] Done not_reached(std::uint64_t number, const std::string& why);
  [[nodiscard]] bool may_accept() const {
    return !lacks_descriptors_ && connections_.size() < kConnectionsMax;
  }

  const ProxyOptions& options_;
  UniqueFd listener_;
  std::list<Connection> connections_;
  std::uint64_t accepted_count_ = 0;
  /// Until a connection ends: the listener would be ready again and again.
  bool lacks_descriptors_ = false;
  bool is_done_ = false;
  Conversation conversation_;
};

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
                  accepted_count_ < options_.connection
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
  const std::uint64_t number = ++accepted_count_;
  if (number != options_.connection) {
    options_.tell(fmt::format("connection {} is passed on, and not recorded", number));
  }
  auto service = options_.service.begin_connecting();
  if (!service) {
    reset(client);
    return not_reached(number, service.error().sentence);
  }
  connections_.emplace_back(number, std::move(client), std::move(*service));
  return {};
}

Proxy::Done Proxy::advance(std::span<const pollfd> polled) {
  for (auto connection = connections_.begin(); connection != connections_.end();) {
    const std::uint64_t number = connection->number();
    const auto own = polled.first(Relay::kPolledCount);
    polled = polled.subspan(Relay::kPolledCount);
    const auto outcome = connection->advance(
        options_.service, own, number == options_.connection ? &conversation_ : nullptr);
    if (outcome && *outcome == Relay::Outcome::kGoesOn) {
      ++connection;
      continue;
    }
    connection = connections_.erase(connection);
    lacks_descriptors_ = false;
    if (!outcome) {
      if (auto done = not_reached(number, outcome.error().sentence); !done) return done;
    } else if (*outcome == Relay::Outcome::kTooLarge) {
      return cannot_work(recorded_limits());
    } else if (number == options_.connection) {
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
  own.tell(fmt::format("listening on {}, passing on to {}", own.listen.text(), own.service.text()));
  return Proxy(own, std::move(*listener)).record();
}

}  // namespace framespec::conformance
