// Nobody accepts: the kernel takes connections all the same, as many as the backlog allows, and
// behaves towards the next as if it had never come.
#include <fmt/format.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <vector>

#include "phenomena/duration_text.h"
#include "phenomena/experiments.h"

namespace framespec::phenomena {
namespace {

constexpr int kSmall = 5;
constexpr int kLarge = 16;
/// One more than the 6 that listen(5) queues on Linux.
constexpr int kClients = 7;
/// For which the last client is watched not getting in, before anybody accepts.
constexpr std::chrono::milliseconds kWatched{200};

tcp_info info_of(const End& end) {
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(end.fd(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0) {
    throw CannotPlay("this kernel tells nothing of its sockets (TCP_INFO)");
  }
  return info;
}

struct Filled {
  Scene scene{};
  int in_at_once = 0;
  std::uint32_t queued = 0;     ///< connections that waited for accept()
  std::uint32_t limit = 0;      ///< what the kernel made of the backlog
  int last = 0;                 ///< the first client that was not let in, or else the last
  std::uint32_t syn_again = 0;  ///< how often its kernel had to ask again
  std::chrono::nanoseconds last_took{0};  ///< for it to get in
};

/// Clients come until one is not let in.
Filled fill(Stage& stage, int backlog) {
  End server(stage, Who::kRight);
  server.listen_at(0, backlog);
  std::vector<End> clients;
  stage.begin({.title = fmt::format("listen({}), and nobody accepts", backlog), .left = "clients"});
  Filled filled;
  std::chrono::nanoseconds begin{0};
  while (filled.last < kClients && filled.in_at_once == filled.last) {
    ++filled.last;
    begin = stage.now();
    End& client = clients.emplace_back(stage, Who::kLeft);
    const bool is_in = client.connect_to(server.port()) || client.wait_until_connected(kWatched);
    stage.note_connection({.left_port = client.port(),
                           .right_port = server.port(),
                           .what = fmt::format("listen({}), client {}", backlog, filled.last)});
    stage.note(Who::kLeft, fmt::format("connect {}: {}", filled.last, is_in ? "done" : "no answer"),
               is_in ? Passage::kSent : Passage::kLost);
    filled.in_at_once += is_in ? 1 : 0;
  }
  // Of a socket that listens, these are the queue of accept() and its limit.
  const tcp_info listening = info_of(server);
  filled.queued = listening.tcpi_unacked;
  filled.limit = listening.tcpi_sacked;
  stage.note(Who::kRight, fmt::format("{} wait for accept", filled.queued));
  End& last = clients.back();
  if (filled.in_at_once < filled.last) {
    const End taken = server.accept();
    stage.note(Who::kRight, "accept: a place is free");
    if (!last.wait_until_connected()) throw CannotPlay("the last client never got in");
    filled.syn_again = info_of(last).tcpi_total_retrans;
    stage.note(Who::kLeft,
               fmt::format("connect {}: done, asked {} times", filled.last, filled.syn_again + 1),
               Passage::kSent);
  }
  filled.last_took = stage.now() - begin;
  filled.scene = stage.scene();
  return filled;
}

Way way_of(const Filled& filled, int backlog) {
  return {.name = fmt::format("listen({}), client {}", backlog, filled.last),
          .took = {filled.last_took},
          .outcome = fmt::format("{} let in at once", filled.in_at_once)};
}

std::string in_words(const Filled& filled, int backlog) {
  std::string words = fmt::format(
      "listen({}), for which the kernel's limit is {}: {} of {} clients were let in at once, "
      "and {} waited for accept.",
      backlog, filled.limit, filled.in_at_once, filled.last, filled.queued);
  if (filled.in_at_once < filled.last) {
    words += fmt::format(
        " Client {} got no answer, and no error; when there was a place it got in, after {}, "
        "as its kernel asked {} times.",
        filled.last, duration_text(filled.last_took), filled.syn_again + 1);
  }
  return words;
}

Played play_backlog(Stage& stage) {
  const Filled small = fill(stage, kSmall);
  const Filled large = fill(stage, kLarge);
  Played played{.scenes = {small.scene},
                .measured = "until the last client is let in",
                .ways = {way_of(small, kSmall), way_of(large, kLarge)}};
  played.is_shown = small.in_at_once == kSmall + 1 && small.last == kClients &&
                    small.syn_again > 0 && large.in_at_once == kClients;
  played.seen = in_words(small, kSmall) + " " + in_words(large, kLarge);
  return played;
}

}  // namespace

Experiment backlog() {
  return {.phenomenon =
              {.name = "backlog",
               .statement = "listen(5) queues six connections on Linux; the seventh is left "
                            "without an answer.",
               .advice = {"Accept in a loop of its own, and serve each connection beside it: a "
                          "queue that is short is no fault then.",
                          "Listen with SOMAXCONN; the kernel takes the lesser of that and "
                          "net.core.somaxconn. `ss -lt` shows queue and limit.",
                          "Give a client a time limit for connect: a full queue looks like a slow "
                          "network."}},
          .play = play_backlog};
}

}  // namespace framespec::phenomena
