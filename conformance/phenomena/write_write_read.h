// A request in two small writes, and its answer: what Nagle's algorithm and delayed
// acknowledgements make slow together.
#pragma once

#include <chrono>
#include <cstdint>

#include "phenomena/stage.h"

namespace framespec::phenomena {

/// What its sides do about it.
struct Manner {
  bool in_one_write = false;
  bool quick_ack = false;  ///< the server sets TCP_QUICKACK before each read
};

struct Asked {
  std::chrono::nanoseconds took{0};  ///< from the first write until the answer is read
  std::uint32_t packets = 0;         ///< in which the request left
  bool was_held = false;             ///< the second write was kept back by the client's kernel
};

/// One request and its answer. The server reads what comes as soon as it comes.
Asked write_write_read(Stage& stage, Pair& pair, const Manner& manner);

/// A few requests of one write, each answered: from then on the kernel takes it for a conversation,
/// and holds the server's acknowledgements back so that they can go with an answer. Before the
/// first answer it acknowledges at once.
void converse(Pair& pair);

}  // namespace framespec::phenomena
