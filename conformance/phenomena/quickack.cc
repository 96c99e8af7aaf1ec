// TCP_QUICKACK is not a setting that stays: the kernel falls back to holding acknowledgements as
// soon as the reader has answered.
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <string>

#include "phenomena/duration_text.h"
#include "phenomena/experiments.h"
#include "phenomena/write_write_read.h"

namespace framespec::phenomena {
namespace {

constexpr int kRuns = 7;

enum class Setting : std::uint8_t { kNever, kOnce, kBeforeEachRead };

struct Requests {
  Asked first{};
  Asked second{};
  Scene scene{};
};

/// Two requests on a connection of their own.
Requests ask_twice(Stage& stage, Setting setting, const std::string& what) {
  Pair pair(stage, what);
  stage.begin({.title = "TCP_QUICKACK set once, and two requests"});
  if (setting == Setting::kOnce) {
    pair.server.set(IPPROTO_TCP, TCP_QUICKACK, 1, "TCP_QUICKACK on");
  }
  const Manner manner{.quick_ack = setting == Setting::kBeforeEachRead};
  Requests requests;
  requests.first = write_write_read(stage, pair, manner);
  requests.second = write_write_read(stage, pair, manner);
  requests.scene = stage.scene();
  return requests;
}

Played play_quickack(Stage& stage) {
  Way first{.name = "first request", .outcome = "never set"};
  Way never{.name = "second request", .outcome = "never set"};
  Way once{.name = "second request", .outcome = "set once"};
  Way each{.name = "second request", .outcome = "set before each read"};
  int held = 0;
  Scene scene{};
  for (int run = 1; run <= kRuns; ++run) {
    const Requests plain = ask_twice(stage, Setting::kNever, fmt::format("never set, run {}", run));
    first.took.push_back(plain.first.took);
    never.took.push_back(plain.second.took);
    const Requests set = ask_twice(stage, Setting::kOnce, fmt::format("set once, run {}", run));
    once.took.push_back(set.second.took);
    held += set.second.was_held ? 1 : 0;
    if (run == 1) scene = set.scene;
    each.took.push_back(
        ask_twice(stage, Setting::kBeforeEachRead, fmt::format("set before each read, run {}", run))
            .second.took);
  }
  Played played{.scenes = {scene},
                .measured = "from the first write until the answer is read",
                .ways = {first, never, once, each}};
  played.is_shown = held > kRuns / 2 && is_much_slower(once, each) && is_much_slower(never, first);
  played.seen = fmt::format(
      "With TCP_QUICKACK set once the second request took {}, and its second write was kept "
      "back in {} of {} runs; never set {}; set before each read {}. The first request of a "
      "connection took {} with nothing set (medians).",
      duration_text(once.median()), held, kRuns, duration_text(never.median()),
      duration_text(each.median()), duration_text(first.median()));
  return played;
}

}  // namespace

Experiment quickack() {
  return {.phenomenon = {.name = "quickack",
                         .statement = "TCP_QUICKACK makes the reader acknowledge at once, but only "
                                      "until it has answered.",
                         .advice = {"Set it again before each read, or better cure the side that "
                                    "writes: framespec show nagle.",
                                    "Measure a conversation, not its first request: a fresh "
                                    "connection acknowledges at once, and hides the stall."}},
          .play = play_quickack};
}

}  // namespace framespec::phenomena
