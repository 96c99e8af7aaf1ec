#include "launch/listening.h"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <span>
#include <utility>

#include "launch/endpoint.h"
#include "launch/process_figures.h"
#include "launch/socket_owner.h"
#include "launch/unique_fd.h"
#include "os/diag_socket.h"
#include "os/processes.h"

namespace framespec::conformance {
namespace {

using Clock = std::chrono::steady_clock;

// Asking the kernel is enough for nearly everybody; a connection, which the testee notices, is
// tried only after this.
constexpr std::chrono::milliseconds kBeforeFirstConnect{2000};
constexpr std::chrono::milliseconds kBetweenConnects{250};
// So long may a testee take to find out that somebody else has its port, and to end.
constexpr std::chrono::milliseconds kUntilItGivesUp{2000};
// One that listens elsewhere and has been idle for so long waits for nothing but its clients.
constexpr std::chrono::milliseconds kIdleElsewhere{3000};
constexpr std::chrono::milliseconds kBetweenLooksElsewhere{250};
// Less than this part of a processor is what looking at a clock now and then takes.
constexpr int kIdleShare = 20;
// The kernel gives the loopback interface of every network namespace this index.
constexpr std::uint32_t kLoopbackInterface = 1;

bool is_cancelled(const std::atomic<bool>* cancelled) {
  return cancelled != nullptr && cancelled->load();
}

/// Whether it is seen to be somebody else's than the process or what it has started: a stranger's,
/// or a forwarder's that serves a testee in a container.
bool is_foreign(std::uint64_t listener, const LaunchedProcess& process) {
  const auto owner = find_socket_owner(listener, process.guard_pid());
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
    const auto owner = find_socket_owner(find_listener(port).value_or(0), process.guard_pid());
    return owner && owner->is_descendant;
  };
  // One that ends well has gone into the background; what it leaves behind may hold the port.
  const bool is_own =
      end == ProcessEnd{} || (end && end->had_lost_guard) || is_port_free(port) || is_held_by_own();
  return is_own ? WaitResult::kEnded : WaitResult::kTaken;
}

/// Tells one that is up, but not where it is awaited, from one that is not up yet.
class ElsewhereWatch {
 public:
  ElsewhereWatch(const LaunchedProcess& process, std::uint16_t port, bool is_told_port)
      : process_(process), port_(port), is_told_port_(is_told_port) {}

  [[nodiscard]] bool is_sure(Clock::time_point now) {
    if (now - looked_at_ < kBetweenLooksElsewhere) return false;
    const auto used = activity_of(os::descendants_of(process_.guard_pid())).processor_time;
    const bool is_idle = (used - used_) * kIdleShare < now - std::exchange(looked_at_, now);
    used_ = used;
    const auto seems_elsewhere = [&] {
      return std::ranges::any_of(listens_on(process_), [&](const os::Listener& listener) {
        return !is_told_port_ || listener.port == port_;
      });
    };
    if (!is_idle || !seems_elsewhere()) idle_since_ = now;
    return now - idle_since_ >= kIdleElsewhere;
  }

 private:
  const LaunchedProcess& process_;
  std::uint16_t port_;
  bool is_told_port_;
  Clock::time_point looked_at_ = Clock::now();
  Clock::time_point idle_since_ = looked_at_;
  std::chrono::nanoseconds used_{0};
};

}  // namespace

std::vector<os::Listener> listens_on(const LaunchedProcess& process) {
  return os::listeners_of(os::descendants_of(process.guard_pid()));
}

std::optional<std::uint64_t> find_listener(std::uint16_t port) {
  auto diag = os::DiagSocket::open();
  if (!diag) return std::nullopt;
  inet_diag_req_v2 request{};
  request.sdiag_family = AF_INET;
  request.sdiag_protocol = IPPROTO_TCP;
  request.idiag_states = ~0U;
  // A connection from nowhere, which nobody has: what is found is who would take it, whether it is
  // bound to this address, to all, or to all of IPv6 and those of IPv4 with them.
  request.id.idiag_src[0] = htonl(INADDR_LOOPBACK);
  request.id.idiag_sport = htons(port);
  request.id.idiag_if = kLoopbackInterface;
  request.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
  request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  const auto answer = diag->ask(std::as_bytes(std::span(&request, 1)));
  if (!answer) return answer.error() == ENOENT ? std::optional<std::uint64_t>(0) : std::nullopt;
  inet_diag_msg found{};
  if (answer->size() < sizeof found) return std::nullopt;
  std::memcpy(&found, answer->data(), sizeof found);
  return found.idiag_inode;
}

WaitResult wait_until_listening(LaunchedProcess& process, std::uint16_t port,
                                const ListenWait& options) {
  const Clock::time_point start = Clock::now();
  const Endpoint endpoint = Endpoint::loopback(port);
  Clock::time_point next_connect = start + kBeforeFirstConnect;
  ElsewhereWatch elsewhere(process, port, options.is_told_port);
  auto pause = std::chrono::milliseconds(1);
  for (;;) {
    const auto listener = find_listener(port);
    if (listener.value_or(0) != 0) {
      // The one whose port it is goes on; one that finds its port taken does not.
      const auto grace =
          is_foreign(*listener, process) ? kUntilItGivesUp : std::chrono::milliseconds(0);
      return process.ended(grace) ? why_ended(process, port) : WaitResult::kListening;
    }
    if (is_cancelled(options.cancelled)) return WaitResult::kCancelled;
    const auto now = Clock::now();
    const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(now - start);
    if (waited >= options.limit) return WaitResult::kTimedOut;
    if (elsewhere.is_sure(now)) return WaitResult::kElsewhere;
    if (now >= next_connect || !listener) {
      if (endpoint.connect(now + kBetweenConnects, options.cancelled))
        return WaitResult::kListening;
      next_connect = now + kBetweenConnects;
    }
    if (process.ended(pause)) return why_ended(process, port);
    pause = std::min(pause * 2, std::chrono::milliseconds(20));
  }
}

}  // namespace framespec::conformance
