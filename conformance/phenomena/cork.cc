// A corked connection sends full packets only: good for a message in many writes, if the cork is
// pulled at its end.
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "phenomena/duration_text.h"
#include "phenomena/experiments.h"

namespace framespec::phenomena {
namespace {

constexpr int kRuns = 5;
constexpr std::array<std::string_view, 4> kWrites = {"hello", "world", "musibii", "1"};
constexpr std::size_t kSize = 18;

enum class Cork : std::uint8_t { kLeftIn, kPulled, kNone };

struct Tried {
  Way way{};
  int held = 0;   ///< runs in which all was kept back by the writes
  Scene scene{};  ///< of the first run
};

Tried try_out(Stage& stage, Cork cork, const std::string& name) {
  Tried tried{.way = {.name = name}};
  std::uint32_t packets = 0;
  for (int run = 1; run <= kRuns; ++run) {
    Pair pair(stage, fmt::format("{}, run {}", name, run));
    stage.begin({.title = name, .left = "sender", .right = "reader"});
    if (cork == Cork::kNone) {
      pair.client.set(IPPROTO_TCP, TCP_NODELAY, 1, "TCP_NODELAY on");
    } else {
      pair.client.set(IPPROTO_TCP, TCP_CORK, 1, "TCP_CORK on");
    }
    const auto begin = stage.now();
    for (const std::string_view bytes : kWrites) pair.client.write(bytes);
    tried.held += pair.client.packets().waiting == kSize ? 1 : 0;
    if (cork == Cork::kPulled) pair.client.set(IPPROTO_TCP, TCP_CORK, 0, "TCP_CORK off");
    pair.server.read_exactly(kSize);
    tried.way.took.push_back(stage.now() - begin);
    packets = std::max(packets, pair.client.packets().with_data);
    if (run == 1) tried.scene = stage.scene();
  }
  tried.way.outcome = fmt::format("{} packet{}", packets, packets == 1 ? "" : "s");
  return tried;
}

Played play_cork(Stage& stage) {
  const Tried left = try_out(stage, Cork::kLeftIn, "corked, left so");
  const Tried pulled = try_out(stage, Cork::kPulled, "corked, uncorked");
  const Tried none = try_out(stage, Cork::kNone, "TCP_NODELAY");
  Played played{.scenes = {left.scene, pulled.scene},
                .measured = "from the first write until the reader has all",
                .ways = {left.way, pulled.way, none.way}};
  played.is_shown = left.held > kRuns / 2 && is_much_slower(left.way, pulled.way) &&
                    is_much_slower(left.way, none.way);
  played.seen = fmt::format(
      "Corked, the kernel kept all {} bytes back in {} of {} runs; the reader had them "
      "after {}, in {}. Uncorked behind the last write they came after {} in {}; without a cork "
      "after {}, in {} (medians).",
      kSize, left.held, kRuns, duration_text(left.way.median()), left.way.outcome,
      duration_text(pulled.way.median()), pulled.way.outcome, duration_text(none.way.median()),
      none.way.outcome);
  return played;
}

}  // namespace

Experiment cork() {
  return {.phenomenon = {.name = "cork",
                         .statement = "A corked connection keeps small writes back for about "
                                      "200 ms, unless it is uncorked.",
                         .advice = {"Set TCP_CORK to 0 behind the last write of a message: all of "
                                    "it goes at once, in as few packets as can be.",
                                    "A message that fits into memory needs no cork: one write, or "
                                    "writev, does the same."}},
          .play = play_cork};
}

}  // namespace framespec::phenomena
