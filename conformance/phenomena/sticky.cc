// Where one write ended and the next began is not kept: TCP carries bytes, not messages.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <string_view>
#include <vector>

#include "framespec/dialect.h"
#include "framespec/prefix.h"
#include "phenomena/experiments.h"

namespace framespec::phenomena {
namespace {

const std::vector<std::string> kMessages = {"hello", "world", "musibii", "1"};
const std::vector<std::string> kStuck = {"hello", "world", "musibii1", ""};

struct Came {
  Scene scene{};
  std::uint32_t packets = 0;  ///< in which the sender's kernel sent it all
  int queued = 0;             ///< bytes that waited for the reader
  std::vector<std::string> messages{};
};

/// All is sent, and has come, before the reader begins: it cannot depend on who is faster.
Came send_all(Stage& stage, Pair& pair, const std::vector<std::string>& writes) {
  for (const std::string& bytes : writes) pair.client.write(bytes);
  Came came{.packets = pair.client.packets().with_data};
  pair.client.finish();
  came.queued = pair.server.wait_for_all();
  stage.note(Who::kRight, fmt::format("{} bytes are in its queue", came.queued));
  return came;
}

Came without_lengths(Stage& stage) {
  Pair pair(stage, "four writes");
  stage.begin({.title = "four writes, and a reader that asks for 5, 5, 10 and 5 bytes",
               .left = "sender",
               .right = "reader"});
  Came came = send_all(stage, pair, kMessages);
  for (const std::size_t size : {5U, 5U, 10U, 5U}) came.messages.push_back(pair.server.read(size));
  came.scene = stage.scene();
  return came;
}

Came with_lengths(Stage& stage) {
  Pair pair(stage, "a length before each");
  const Dialect& int32 = *find_dialect("int32");
  std::vector<std::string> frames;
  for (const std::string& message : kMessages) {
    frames.emplace_back(as_text(encode_prefix(int32, message.size())->bytes()));
    frames.back() += message;
  }
  stage.begin({.title = "the same with a length before each (the dialect int32), read exactly",
               .left = "sender",
               .right = "reader"});
  Came came = send_all(stage, pair, frames);
  for (;;) {
    const std::string prefix = pair.server.read_exactly(int32.prefix_size_max());
    const auto decoded = decode_prefix(int32, as_bytes(prefix));
    if (!decoded || !*decoded) break;  // the end of the stream
    came.messages.push_back(pair.server.read_exactly((*decoded)->body_size));
  }
  came.scene = stage.scene();
  return came;
}

std::string quoted(const std::vector<std::string>& messages) {
  std::vector<std::string> words;
  words.reserve(messages.size());
  for (const std::string& each : messages) {
    words.push_back(each.empty() ? "the end" : fmt::format("\"{}\"", each));
  }
  return fmt::format("{}", fmt::join(words, ", "));
}

Played play_sticky(Stage& stage) {
  const Came stuck = without_lengths(stage);
  const Came apart = with_lengths(stage);
  Played played{.scenes = {stuck.scene, apart.scene},
                .ways = {{.name = "four writes", .outcome = quoted(stuck.messages)},
                         {.name = "a length before each", .outcome = quoted(apart.messages)}}};
  played.is_shown = stuck.messages == kStuck && apart.messages == kMessages;
  played.seen = fmt::format(
      "The 4 writes left in {} packets, {} bytes waited together, and the reads gave {}. With a "
      "length before each, {} messages came: {}.",
      stuck.packets, stuck.queued, quoted(stuck.messages), apart.messages.size(),
      quoted(apart.messages));
  return played;
}

}  // namespace

Experiment sticky() {
  return {.phenomenon = {.name = "sticky",
                         .statement = "What was sent in several writes comes joined in one read: "
                                      "TCP keeps no boundaries.",
                         .advice = {"Say before each message how long it is, and read exactly so "
                                    "many bytes, in a loop.",
                                    "protocol/SPEC.md has the rules, docs/testing-your-deframer.md "
                                    "and `framespec run` test your reader with every cut."}},
          .play = play_sticky};
}

}  // namespace framespec::phenomena
