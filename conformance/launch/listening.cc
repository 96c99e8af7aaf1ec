#include "launch/listening.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>

#include "launch/endpoint.h"
#include "launch/socket_owner.h"
#include "launch/unique_fd.h"

namespace framespec::conformance {
namespace {

using Clock = std::chrono::steady_clock;

// Looking into the table is enough for nearly everybody; a connection, which the testee notices, is
// tried only after this.
constexpr std::chrono::milliseconds kBeforeFirstConnect{2000};
constexpr std::chrono::milliseconds kBetweenConnects{250};
// So long may a testee take to find out that somebody else has its port, and to end.
constexpr std::chrono::milliseconds kUntilItGivesUp{2000};

struct ListenerLine {
  std::uint16_t port = 0;
  std::uint64_t inode = 0;
  Listener reached = Listener::kNone;
};

// Of one line of /proc/net/tcp: "  0: 0100007F:1F90 00000000:0000 0A …"
std::optional<ListenerLine> listener_of(const std::string& line) {
  std::istringstream fields(line);
  std::string slot;
  std::string local;
  std::string remote;
  std::string state;
  std::string word;
  ListenerLine found;
  if (!(fields >> slot >> local >> remote >> state) || state != "0A") return std::nullopt;
  // Queues, timer, retransmissions, user and time-out stand before the inode.
  for (int skipped = 0; skipped < 5; ++skipped) fields >> word;
  fields >> found.inode;
  const std::size_t colon = local.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  std::from_chars(local.data() + colon + 1, local.data() + local.size(), found.port, 16);
  const std::string_view address = std::string_view(local).substr(0, colon);
  constexpr std::size_t kIpv4Digits = 8;
  // In the table's own byte order: 127.0.0.1, also inside IPv6, and any.
  if (address.ends_with("0100007F")) {
    found.reached = Listener::kSure;
  } else if (address.find_first_not_of('0') == std::string_view::npos) {
    found.reached = address.size() == kIpv4Digits ? Listener::kSure : Listener::kMaybe;
  }
  return found;
}

bool is_cancelled(const std::atomic<bool>* cancelled) {
  return cancelled != nullptr && cancelled->load();
}

/// The surest of those on `port`.
ListenerLine listener_on(std::uint16_t port) {
  ListenerLine found;
  for (const char* const table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream file(table);
    for (std::string line; std::getline(file, line);) {
      const auto listener = listener_of(line);
      if (listener && listener->port == port && listener->reached > found.reached)
        found = *listener;
    }
  }
  return found;
}

/// Whether it is seen to be somebody else's than the process or what it has started: a stranger's,
/// or a forwarder's that serves a testee in a container.
bool is_foreign(const ListenerLine& listener, const LaunchedProcess& process) {
  const auto owner = find_socket_owner(listener.inode, process.guard_pid());
  return owner && !owner->is_descendant;
}

bool is_port_free(std::uint16_t port) {
  const UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  // As most servers do: connections of before that are in TIME_WAIT are no obstacle.
  const int reuse = 1;
  setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof reuse);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

WaitResult why_ended(LaunchedProcess& process, std::uint16_t port) {
  const auto end = process.ended();
  const auto is_held_by_own = [&] {
    const auto owner = find_socket_owner(listener_on(port).inode, process.guard_pid());
    return owner && owner->is_descendant;
  };
  // One that ends well has gone into the background; what it leaves behind may hold the port.
  const bool is_own =
      end == ProcessEnd{} || (end && end->had_lost_guard) || is_port_free(port) || is_held_by_own();
  return is_own ? WaitResult::kEnded : WaitResult::kTaken;
}

}  // namespace

Listener find_listener(std::uint16_t port) { return listener_on(port).reached; }

WaitResult wait_until_listening(LaunchedProcess& process, std::uint16_t port,
                                const ListenWait& options) {
  const Clock::time_point start = Clock::now();
  const Endpoint endpoint = Endpoint::loopback(port);
  Clock::time_point next_connect = start + kBeforeFirstConnect;
  auto pause = std::chrono::milliseconds(1);
  for (;;) {
    const ListenerLine listener = listener_on(port);
    if (listener.reached == Listener::kSure) {
      // The one whose port it is goes on; one that finds its port taken does not.
      const auto grace =
          is_foreign(listener, process) ? kUntilItGivesUp : std::chrono::milliseconds(0);
      return process.ended(grace) ? why_ended(process, port) : WaitResult::kListening;
    }
    if (is_cancelled(options.cancelled)) return WaitResult::kCancelled;
    const auto now = Clock::now();
    const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(now - start);
    if (waited >= options.limit) return WaitResult::kTimedOut;
    if (now >= next_connect || listener.reached == Listener::kMaybe) {
      if (endpoint.connect(now + kBetweenConnects, options.cancelled))
        return WaitResult::kListening;
      next_connect = now + kBetweenConnects;
    }
    if (process.ended(pause)) return why_ended(process, port);
    pause = std::min(pause * 2, std::chrono::milliseconds(20));
  }
}

}  // namespace framespec::conformance
