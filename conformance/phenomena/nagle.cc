// Nagle's algorithm lets one small packet be under way at a time; the reader's kernel, which waits
// for an answer to send its acknowledgement with, does not let go of it.
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <string>
#include <vector>

#include "phenomena/duration_text.h"
#include "phenomena/experiments.h"
#include "phenomena/write_write_read.h"

namespace framespec::phenomena {
namespace {

constexpr int kRuns = 7;

struct Cure {
  std::string name;
  Manner manner{};
  bool no_delay = false;
};

struct Tried {
  Way way{};
  int held = 0;   ///< runs in which the second write waited
  Scene scene{};  ///< of the first run
};

Tried try_out(Stage& stage, const Cure& cure) {
  Tried tried{.way = {.name = cure.name}};
  std::uint32_t packets = 0;
  for (int run = 1; run <= kRuns; ++run) {
    Pair pair(stage, fmt::format("{}, run {}", cure.name, run));
    if (cure.no_delay) pair.client.set(IPPROTO_TCP, TCP_NODELAY, 1, "TCP_NODELAY on");
    converse(pair);
    stage.begin({.title = cure.name});
    const Asked asked = write_write_read(stage, pair, cure.manner);
    tried.way.took.push_back(asked.took);
    tried.held += asked.was_held ? 1 : 0;
    packets = std::max(packets, asked.packets);
    if (run == 1) tried.scene = stage.scene();
  }
  tried.way.outcome = fmt::format("{} packet{}", packets, packets == 1 ? "" : "s");
  return tried;
}

Played play_nagle(Stage& stage) {
  Tried plain = try_out(stage, {.name = "write, write, read"});
  Tried one = try_out(stage, {.name = "one write, read", .manner = {.in_one_write = true}});
  const Tried no_delay = try_out(stage, {.name = "TCP_NODELAY", .no_delay = true});
  const Tried quick = try_out(stage, {.name = "TCP_QUICKACK", .manner = {.quick_ack = true}});
  Played played{.scenes = {plain.scene, one.scene},
                .measured = "from the first write until the answer is read",
                .ways = {plain.way, one.way, no_delay.way, quick.way}};
  played.is_shown =
      plain.held > kRuns / 2 &&
      std::ranges::all_of(played.ways.begin() + 1, played.ways.end(),
                          [&plain](const Way& cure) { return is_much_slower(plain.way, cure); });
  played.seen = fmt::format(
      "The client's kernel kept the second write back in {} of {} runs, until the first was "
      "acknowledged. The answer took {}; to one write {}, with TCP_NODELAY {}, with "
      "TCP_QUICKACK at the server {} (medians).",
      plain.held, kRuns, duration_text(plain.way.median()), duration_text(one.way.median()),
      duration_text(no_delay.way.median()), duration_text(quick.way.median()));
  return played;
}

}  // namespace

Experiment nagle() {
  return {.phenomenon = {.name = "nagle",
                         .statement = "A second small write waits until the first is acknowledged, "
                                      "which takes about 40 ms.",
                         .advice = {"Write a message with one call: put prefix and payload "
                                    "together, or use writev.",
                                    "Where that cannot be done, set TCP_NODELAY at the side that "
                                    "writes. TCP_QUICKACK is of the side that reads, and does not "
                                    "stay: framespec show quickack."}},
          .play = play_nagle};
}

}  // namespace framespec::phenomena
