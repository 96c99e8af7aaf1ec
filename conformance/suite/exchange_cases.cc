// suites_of: the cases of a fixed exchange. What holds for which answer is said beside each.
#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <variant>

#include "suite/exchange.h"
#include "suite/fixed_case.h"
#include "suite/segmentation_family.h"
#include "suite/suite_case.h"

namespace framespec::conformance {
namespace {

using Like = ExpectExit::Like;

// Of each answer; where there are many, each has its share, so that a run stays bounded.
constexpr std::size_t kAnswerCutsMax = 64;
constexpr std::size_t kAnswerStopsMax = 64;
constexpr std::size_t kAnswerResetsMax = 12;
constexpr std::size_t kAnswerShareMin = 8;

SuiteCase exchange_case(std::string name, Level level, std::string title, std::string why,
                        std::string remedy, std::vector<std::string> rules) {
  return fixed_case(kExchangeArea, std::move(name), level, std::move(title), std::move(why),
                    std::move(remedy), std::move(rules));
}

/// The cases, made one after the other.
class ExchangeCases {
 public:
  explicit ExchangeCases(const Exchange& exchange) : exchange_(exchange) {
    for (std::size_t i = 0; i < exchange.turns.size(); ++i) {
      if (std::holds_alternative<Send>(exchange.turns[i].action)) answers_.push_back(i);
    }
  }

  std::vector<Suite> make() {
    Suite sanity{.area = "sanity",
                 .title = "The exchange goes well unsplit",
                 .cases = {unsplit()},
                 .digest = exchange_.digest};
    Suite cases{.area = std::string(kExchangeArea),
                .title = "One exchange, its answers cut, joined and ended in every way",
                .cases = {},
                .digest = exchange_.digest};
    for (SuiteCase made : {answer(), twice(), end_behind(), end_inside(), reset_behind(),
                           reset_inside(), early(), joined_answers()}) {
      if (!made.values.empty()) cases.cases.push_back(std::move(made));
    }
    return {std::move(sanity), std::move(cases)};
  }

 private:
  using Steps = std::vector<CaseStep>;

  /// The turns of [begin, end), the answers whole.
  void add_turns(Steps& steps, std::size_t begin, std::size_t end) const {
    for (std::size_t i = begin; i < end; ++i) {
      const Action& action = exchange_.turns[i].action;
      if (const auto* await = std::get_if<Await>(&action)) add_step(steps, *await);
      if (const auto* send = std::get_if<Send>(&action)) add_step(steps, whole(*send));
    }
  }

  /// What is left from that turn on, and how the client ends.
  void add_rest(Steps& steps, std::size_t begin, Like like) const {
    add_turns(steps, begin, exchange_.turns.size());
    if (exchange_.is_finished) add_step(steps, Finish{});
    add_step(steps, ExpectExitStep{.like = like});
  }

  [[nodiscard]] const Send& send_of(std::size_t answer) const {
    return std::get<Send>(exchange_.turns[answers_[answer]].action);
  }
  [[nodiscard]] bool is_last(std::size_t answer) const { return answer + 1 == answers_.size(); }
  [[nodiscard]] bool is_framed() const { return exchange_.dialect.has_value(); }

  /// How many of `all` there are for one answer.
  [[nodiscard]] std::size_t share(std::size_t all) const {
    return share_of(all, answers_.size(), kAnswerShareMin);
  }

  /// A value for each answer for which `steps_of` gives steps.
  template <typename StepsOf>
  void add_values(SuiteCase& made, const StepsOf& steps_of) const {
    for (std::size_t answer = 0; answer < answers_.size(); ++answer) {
      Steps steps = steps_of(answer);
      if (!steps.empty()) {
        made.values.push_back({.name = std::to_string(answer + 1), .steps = std::move(steps)});
      }
    }
  }

  /// The turns before an answer, and that one in its place: as it is in `send`.
  [[nodiscard]] Steps up_to(std::size_t answer, FixedSendStep send) const {
    Steps steps;
    add_turns(steps, 0, answers_[answer]);
    add_step(steps, std::move(send));
    return steps;
  }

  [[nodiscard]] SuiteCase unsplit() const {
    SuiteCase made =
        exchange_case(std::string(kExchangeSanity), Level::kMust,
                      "The client comes to its end with each answer sent whole.",
                      "an answer file that is not what this client asks for", "", {"SEG-2"});
    made.area = "sanity";
    Steps steps;
    add_rest(steps, 0, Like::kAnything);
    made.values.push_back({.name = "", .steps = std::move(steps)});
    return made;
  }

  [[nodiscard]] SuiteCase answer() const {
    SuiteCase made = exchange_case(
        "answer", Level::kMust,
        "The client ends as with the whole answer, wherever the answer is cut.",
        "one receive taken for the whole answer, or for its prefix",
        "Receive in a loop until the message is whole; one receive may bring any part of it.",
        {"SEG-1", "PFX-2"});
    const std::size_t cuts = share(kAnswerCutsMax);
    made.segmentations = {
        {"every_cut", cuts},       {"byte_by_byte", 1}, {"every_pair", cuts / 4},
        {"every_chunk", cuts / 4}, {"random", 8},       {std::string(kForcedCoalescing), 1}};
    if (is_framed()) {
      made.rules.emplace_back("SEG-2");
      for (const auto* const name : {"field_cuts", "coalesced-1", "coalesced-2", "straddled"}) {
        made.segmentations.push_back({name, cuts});
      }
    }
    add_values(made, [&](std::size_t answer) {
      Steps steps = up_to(answer, cut(send_of(answer)));
      add_rest(steps, answers_[answer] + 1, Like::kControl);
      return steps;
    });
    return made;
  }

  /// What stands behind the last answer belongs to nothing, and so must change nothing, where it is
  /// known that the answer is frames. Elsewhere a right client may take it for more of the answer,
  /// or for the answer to its next request; but it ends.
  [[nodiscard]] SuiteCase twice() const {
    SuiteCase made = exchange_case(
        "twice", Level::kMust, "An answer that comes twice, in one piece, does no harm.",
        "bytes behind a message added to it; a loop or a crash at an answer to nothing",
        "Take exactly one message out of what was received, and keep the rest for the next.",
        {"SEG-3"});
    made.segmentations = {{std::string(kForcedCoalescing), 1}};
    add_values(made, [&](std::size_t answer) {
      Steps steps = up_to(answer, cut(joined(send_of(answer), send_of(answer))));
      const bool is_known = is_framed() && is_last(answer) && !exchange_.is_finished;
      add_rest(steps, answers_[answer] + 1,
               is_known ? Like::kControlIfSameStatus : Like::kAnything);
      return steps;
    });
    return made;
  }

  /// Where the stream does not end by itself, a right client could want to say good-bye first.
  [[nodiscard]] SuiteCase end_behind() const {
    SuiteCase made = exchange_case(
        "end_behind", exchange_.is_finished ? Level::kMust : Level::kShould,
        "The client ends as ever when the stream ends right behind the last answer.",
        "an answer that is thrown away because the end of the stream came with it",
        "Look at the bytes that were received before looking at the end of the stream.",
        {"EOS-1", "SEG-2"});
    made.segmentations = {
        {"whole+end", 1}, {"every_cut+end", kAnswerShareMin}, {"byte_by_byte+end", 1}};
    add_values(made, [&](std::size_t answer) {
      Steps steps;
      if (!is_last(answer)) return steps;
      steps = up_to(answer, cut(send_of(answer)));
      add_step(steps, Finish{});
      add_step(steps, ExpectExitStep{.like = Like::kControl});
      return steps;
    });
    return made;
  }

  [[nodiscard]] SuiteCase end_inside() const {
    SuiteCase made = exchange_case(
        "end_inside", Level::kMust,
        is_framed() ? "When the stream ends inside an answer, the client ends, and does not take "
                      "part of a frame for all of it."
                    : "When the stream ends inside an answer, the client ends.",
        "a receive of no bytes taken for data, in a loop without end; an answer cut short and "
        "taken "
        "for whole",
        "A receive of no bytes is the end of the stream: inside a message that is an error.",
        {"EOS-2", "EOS-3"});
    add_values(made, [&](std::size_t answer) {
      return stopped(answer, share(kAnswerStopsMax), Finish{});
    });
    return made;
  }

  [[nodiscard]] SuiteCase reset_inside() const {
    SuiteCase made = exchange_case(
        "reset_inside", Level::kMust,
        "When the connection is reset inside an answer, the client ends by itself.",
        "death by a signal, or a loop without end, at the error of a receive or of a send",
        "Handle the error of each call; ignore SIGPIPE.", {"CON-4", "EOS-3"});
    add_values(made, [&](std::size_t answer) {
      return stopped(answer, share(kAnswerResetsMax), Abort{});
    });
    return made;
  }

  /// Cut off at offsets of that answer, and ended like that.
  [[nodiscard]] Steps stopped(std::size_t answer, std::size_t most, StepAction end) const {
    Steps steps = up_to(answer, cut(send_of(answer), most));
    add_step(steps, std::move(end));
    add_step(steps,
             ExpectExitStep{.like = Like::kAnything, .like_inside_frame = Like::kNotControl});
    return steps;
  }

  /// A reset may well destroy the answer before the client has looked at it.
  [[nodiscard]] SuiteCase reset_behind() const {
    SuiteCase made = exchange_case(
        "reset_behind", Level::kMust,
        "When the connection is reset behind an answer, the client ends by itself.",
        "death by a signal, or a loop without end, at the error of a receive or of a send",
        "Handle the error of each call; ignore SIGPIPE.", {"CON-4"});
    add_values(made, [&](std::size_t answer) {
      Steps steps = up_to(answer, whole(send_of(answer)));
      add_step(steps, Abort{});
      add_step(steps, ExpectExitStep{.like = Like::kAnything});
      return steps;
    });
    return made;
  }

  /// Not all protocols allow an answer before its request: libpq throws it away.
  [[nodiscard]] SuiteCase early() const {
    SuiteCase made = exchange_case(
        "early", Level::kMay,
        "An answer that is there before its request is sent is as good as a later one.",
        "what was received before the request is thrown away", "", {"SEG-3"});
    add_values(made, [&](std::size_t answer) {
      const std::size_t place = answers_[answer];
      std::size_t first = place;
      while (first > 0 && std::holds_alternative<Await>(exchange_.turns[first - 1].action)) --first;
      Steps steps;
      if (first == place || !send_of(answer).copies.empty()) return steps;
      add_turns(steps, 0, first);
      add_step(steps, whole(send_of(answer)));
      add_turns(steps, first, place);
      add_rest(steps, place + 1, Like::kControl);
      return steps;
    });
    return made;
  }

  /// The same holds of it as of an early answer.
  [[nodiscard]] SuiteCase joined_answers() const {
    SuiteCase made = exchange_case(
        "joined", Level::kMay,
        "An answer and the next one, in one piece, are as good as one after the other.",
        "bytes behind a message thrown away, or added to it",
        "Take exactly one message out of what was received, and keep the rest for the next.",
        {"SEG-3"});
    made.segmentations = {{std::string(kForcedCoalescing), 1}};
    add_values(made, [&](std::size_t answer) {
      Steps steps;
      if (is_last(answer) || !send_of(answer + 1).copies.empty()) return steps;
      steps = up_to(answer, cut(joined(send_of(answer), send_of(answer + 1))));
      add_turns(steps, answers_[answer] + 1, answers_[answer + 1]);
      add_rest(steps, answers_[answer + 1] + 1, Like::kControl);
      return steps;
    });
    return made;
  }

  const Exchange& exchange_;
  std::vector<std::size_t> answers_;  ///< the places of the answers among the turns
};

}  // namespace

SuiteSet suites_of(const Exchange& exchange) { return SuiteSet(ExchangeCases(exchange).make()); }

}  // namespace framespec::conformance
