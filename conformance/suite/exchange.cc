#include "suite/exchange.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <variant>

#include "framespec/md5.h"
#include "suite/replay_lines.h"

namespace framespec::conformance {
namespace {

struct Mistake {
  std::string path;
  std::string message;
};

/// What is wrong with a step where it stands in an answer file, if something is.
struct WhatIsWrong {
  bool is_last = false;

  std::optional<Mistake> operator()(const Await& /*await*/) const { return std::nullopt; }
  std::optional<Mistake> operator()(const Send& send) const {
    if (send.bytes.empty()) return Mistake{"$.bytes", "an answer has one byte at least"};
    if (!send.arrival) return std::nullopt;
    return Mistake{"$.cuts",
                   "framespec cuts the answers itself; leave out \"cuts\", \"coalesced\" and "
                   "\"with_end\""};
  }
  std::optional<Mistake> operator()(const Finish& finish) const {
    if (finish.at_once) return Mistake{"$.at_once", "the answers go first; leave it out"};
    if (is_last) return std::nullopt;
    return Mistake{"$.do", "\"finish\" can only be the last step: nothing is answered behind it"};
  }
  template <typename Other>
  std::optional<Mistake> operator()(const Other& /*step*/) const {
    return Mistake{"$",
                   "an answer file has the steps \"await\" and \"send\", and perhaps \"finish\" as "
                   "the last; what is expected of the client, and how else its connection ends, "
                   "framespec adds itself: leave this line out"};
  }
};

Dialect make_unframed() {
  Dialect dialect;
  dialect.name = "unframed";
  dialect.description = "Bytes of which it is not known where a message ends";
  return dialect;
}

}  // namespace

std::expected<Exchange, ReplayError> parse_exchange(std::string_view text) {
  auto replay = parse_replay(text);
  if (!replay) return std::unexpected(replay.error());
  const auto wrong = [&](std::size_t index, Mistake mistake) {
    return std::unexpected(ReplayError{.line = line_of_step(text, index),
                                       .path = std::move(mistake.path),
                                       .message = std::move(mistake.message)});
  };
  Exchange exchange{
      .turns = {}, .dialect = std::move(replay->dialect), .digest = md5_of(as_bytes(text))};
  bool has_answer = false;
  for (std::size_t i = 0; i < replay->steps.size(); ++i) {
    Step& step = replay->steps[i];
    if (step.connection != "main") {
      return wrong(i, {"$.on", "an exchange has one connection; it is called \"main\""});
    }
    auto mistake = std::visit(WhatIsWrong{.is_last = i + 1 == replay->steps.size()}, step.action);
    if (mistake) return wrong(i, *std::move(mistake));
    has_answer |= std::holds_alternative<Send>(step.action);
    if (std::holds_alternative<Finish>(step.action)) {
      exchange.is_finished = true;
    } else {
      exchange.turns.push_back(std::move(step));
    }
  }
  if (has_answer) return exchange;
  const std::size_t last = replay->steps.empty() ? 0 : replay->steps.size() - 1;
  return wrong(last, {"$",
                      "there is no answer in the file; a line such as "
                      "{\"on\":\"main\",\"do\":\"send\",\"text\":\"+PONG\\r\\n\"} is one"});
}

const Dialect& unframed_dialect() {
  static const Dialect kUnframed = make_unframed();
  return kUnframed;
}

bool is_unframed(const Dialect& dialect) {
  Dialect unlimited = dialect;
  unlimited.payload_size_max = unframed_dialect().payload_size_max;
  return unlimited == unframed_dialect();
}

const Dialect& dialect_of(const Exchange& exchange) {
  return exchange.dialect ? *exchange.dialect : unframed_dialect();
}

}  // namespace framespec::conformance
