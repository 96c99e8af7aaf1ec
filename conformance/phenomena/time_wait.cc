// The side that closes first keeps the connection for a minute, and with it its port: a server that
// closes first cannot be started again at once.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/inet_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <span>
#include <string>

#include "launch/loopback_port.h"
#include "os/diag_socket.h"
#include "os/error_text.h"
#include "phenomena/experiments.h"

namespace framespec::phenomena {
namespace {

using std::chrono::milliseconds;

/// How long the kernel will still keep the connection from `own` to `other` in TIME_WAIT; nothing
/// where it is in another state, or nobody tells.
std::optional<milliseconds> left_in_time_wait(os::DiagSocket& diag, std::uint16_t own,
                                              std::uint16_t other) {
  inet_diag_req_v2 request{};
  request.sdiag_family = AF_INET;
  request.sdiag_protocol = IPPROTO_TCP;
  request.idiag_states = ~0U;
  request.id.idiag_sport = htons(own);
  request.id.idiag_dport = htons(other);
  request.id.idiag_src[0] = request.id.idiag_dst[0] = htonl(INADDR_LOOPBACK);
  request.id.idiag_cookie[0] = request.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  const auto answer = diag.ask(std::as_bytes(std::span(&request, 1)));
  inet_diag_msg message{};
  if (!answer || answer->size() < sizeof message) return std::nullopt;
  std::memcpy(&message, answer->data(), sizeof message);
  if (message.idiag_state != TCP_TIME_WAIT) return std::nullopt;
  return milliseconds(message.idiag_expires);
}

std::string in_seconds(milliseconds time) {
  return fmt::format("{} s", std::chrono::round<std::chrono::seconds>(time).count());
}

struct Restart {
  bool first_reuses = false;   ///< SO_REUSEADDR of the server that was there
  bool second_reuses = false;  ///< and of the one that wants its port
  bool client_closes_first = false;
};

struct Restarted {
  Way way{};
  Scene scene{};
  int error = 0;                     ///< of bind
  std::optional<milliseconds> left;  ///< in TIME_WAIT, if that was seen
};

std::optional<milliseconds> wait_for_time_wait(const Stage& stage, std::uint16_t own,
                                               std::uint16_t other) {
  auto diag = os::DiagSocket::open();
  if (!diag) return std::nullopt;
  constexpr milliseconds kStep{1};
  for (auto time = kStep; time < kPatience; time += kStep) {
    if (const auto left = left_in_time_wait(*diag, own, other)) return left;
    static_cast<void>(stage.wait_for(-1, 0, kStep));
  }
  return std::nullopt;
}

void reuse(End& server) { server.set(SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR on"); }

void hang_up(End& first, End& last) {
  first.close();
  if (!last.read(1).empty()) throw CannotPlay("bytes came that nobody sent");
  last.close();
}

Restarted restart(Stage& stage, const std::string& name, const Restart& how) {
  // Left alone by everybody else who asks for a port.
  const auto port = conformance::LoopbackPort::find();
  if (!port) throw CannotPlay(port.error());
  stage.begin({.title = name});
  End listener(stage, Who::kRight);
  if (how.first_reuses) reuse(listener);
  listener.listen_at(port->number(), 1);
  stage.note(Who::kRight, fmt::format("listen at port {}", port->number()));
  End client(stage, Who::kLeft);
  if (!client.connect_to(port->number()) && !client.wait_until_connected()) {
    throw CannotPlay("no connection over loopback came about");
  }
  stage.note(Who::kLeft, "connect", Passage::kSent);
  End server = listener.accept();
  const std::uint16_t client_port = client.port();
  stage.note_connection({.left_port = client_port, .right_port = port->number(), .what = name});
  Restarted restarted;
  if (how.client_closes_first) {
    hang_up(client, server);
    restarted.left = wait_for_time_wait(stage, client_port, port->number());
  } else {
    hang_up(server, client);
    restarted.left = wait_for_time_wait(stage, port->number(), client_port);
  }
  if (restarted.left) {
    stage.note(how.client_closes_first ? Who::kLeft : Who::kRight,
               "TIME_WAIT, for " + in_seconds(*restarted.left));
  }
  listener.close("close what listens");
  End again(stage, Who::kRight);
  if (how.second_reuses) reuse(again);
  restarted.error = again.bind_to(port->number());
  const std::string outcome =
      restarted.error == 0 ? "bound at once" : os::error_text(restarted.error);
  stage.note(Who::kRight, fmt::format("bind: {}", outcome));
  restarted.way = {.name = name, .outcome = outcome};
  restarted.scene = stage.scene();
  return restarted;
}

Played play_time_wait(Stage& stage) {
  const Restarted plain = restart(stage, "the server closes first", {});
  const Restarted second =
      restart(stage, "SO_REUSEADDR in the new server", {.second_reuses = true});
  const Restarted both =
      restart(stage, "SO_REUSEADDR in both", {.first_reuses = true, .second_reuses = true});
  const Restarted client = restart(stage, "the client closes first", {.client_closes_first = true});
  Played played{.scenes = {plain.scene, both.scene},
                .ways = {plain.way, second.way, both.way, client.way}};
  played.is_shown = plain.error == EADDRINUSE && both.error == 0 && client.error == 0;
  played.seen = fmt::format(
      "Where the server had closed first, binding its port again gave: {}{}. With SO_REUSEADDR in "
      "the new server alone: {}; in both: {}. Where the client had closed first: {}.",
      plain.way.outcome,
      plain.left ? fmt::format(" (TIME_WAIT, for {} more)", in_seconds(*plain.left)) : "",
      second.way.outcome, both.way.outcome, client.way.outcome);
  return played;
}

}  // namespace

Experiment time_wait() {
  return {.phenomenon =
              {.name = "time-wait",
               .statement = "The side that closes first keeps its port busy: \"Address already in "
                            "use\" after a restart.",
               .advice = {"Set SO_REUSEADDR before bind in every server, from its first start on: "
                          "on Linux the socket that waits must have had it too.",
                          "Or let the client close first, as a protocol that says how long a "
                          "message is can do; a test takes a free port (port 0)."}},
          .play = play_time_wait};
}

}  // namespace framespec::phenomena
