// suites_of: the cases of a recording. What holds for which request is said beside each.
#include <algorithm>
#include <string>
#include <utility>

#include "suite/fixed_case.h"
#include "suite/recording.h"
#include "suite/segmentation_family.h"
#include "suite/suite_case.h"

namespace framespec::conformance {
namespace {

// Of all requests, each of which has its share, so that a run stays bounded: of single cuts by its
// size, so that a long one is not cut at its beginning and end alone, and of all else the same.
constexpr std::size_t kCutsMax = 4096;
constexpr std::size_t kStopsMax = 128;
constexpr std::size_t kResetsMax = 16;
constexpr std::size_t kShareMin = 16;

SuiteCase case_of(std::string name, Level level, std::string title, std::string why,
                  std::string remedy, std::vector<std::string> rules) {
  return fixed_case(kInvarianceArea, std::move(name), level, std::move(title), std::move(why),
                    std::move(remedy), std::move(rules));
}

/// The cases, made one after the other.
class RecordingCases {
 public:
  RecordingCases(const Recording& recording, const InvarianceOptions& options)
      : turns_(recording.turns),
        digest_(recording.digest),
        is_framed_(recording.dialect.has_value()),
        ends_before_answer_(recording.ends_before_answer) {
    for (std::size_t turn = 0; turn < turns_.size(); ++turn) {
      if (!turns_[turn].request.bytes.empty()) requests_.push_back(turn);
    }
    // A request that nothing answers may be one that ends all that is under way (LDAP's unbind).
    joined_end_ = turns_.size() - (turns_.back().is_answered ? 0 : 1);
    is_pipelined_ = options.is_pipelined && requests_.front() + 1 < joined_end_;
  }

  std::vector<Suite> make() {
    Suite sanity{.area = "sanity",
                 .title = "The conversation goes well unsplit",
                 .cases = {conversation()},
                 .digest = digest_};
    Suite cases{.area = std::string(kInvarianceArea),
                .title = "One conversation, its requests cut, joined and ended in every way",
                .cases = {request(), end_behind(), end_inside(), reset_inside()},
                .digest = digest_};
    if (is_pipelined_)
      cases.cases.insert(cases.cases.begin() + 1, {joined_requests(), all_joined()});
    return {std::move(sanity), std::move(cases)};
  }

 private:
  using Steps = std::vector<CaseStep>;

  [[nodiscard]] bool ends_before_answer(std::size_t turn) const {
    return ends_before_answer_ && turn + 1 == turns_.size();
  }

  /// What follows a request: its answer, and where it was recorded so, the end of the stream first.
  void add_answer(Steps& steps, std::size_t turn) const {
    if (ends_before_answer(turn)) add_step(steps, Finish{});
    add_step(steps, ExpectAnswer{.bytes = turns_[turn].answer});
  }

  /// The turns of [begin, end), whole.
  void add_turns(Steps& steps, std::size_t begin, std::size_t end) const {
    for (std::size_t turn = begin; turn < end; ++turn) {
      if (!turns_[turn].request.bytes.empty()) add_step(steps, whole(turns_[turn].request));
      add_answer(steps, turn);
    }
  }

  /// The rest of the conversation from that turn on, and its end.
  void add_rest(Steps& steps, std::size_t begin) const {
    add_turns(steps, begin, turns_.size());
    if (!ends_before_answer_) add_step(steps, Finish{});
    add_step(steps, ExpectAnswer{});
    add_step(steps, ExpectClosed{});
  }

  /// How many of `all` there are for one request.
  [[nodiscard]] std::size_t share(std::size_t all) const {
    return share_of(all, requests_.size(), kShareMin);
  }

  /// The turns before one, and its request in its place: as it is in `send`.
  [[nodiscard]] Steps up_to(std::size_t turn, FixedSendStep send) const {
    Steps steps;
    add_turns(steps, 0, turn);
    add_step(steps, std::move(send));
    return steps;
  }

  static void add_value(SuiteCase& made, std::size_t turn, Steps steps) {
    made.values.push_back({.name = std::to_string(turn + 1), .steps = std::move(steps)});
  }

  /// Gives each value every way to cut that there is for a stream of which nothing is known.
  /// `sizes`: of what is cut, by value.
  void cut_by_size(SuiteCase& made, std::vector<std::size_t> sizes) const {
    for (std::size_t& size : sizes) size -= 1;  // so many cuts
    const std::vector<std::size_t> cuts = shares_by_size(kCutsMax, sizes, kShareMin);
    for (std::size_t value = 0; value < sizes.size(); ++value) {
      made.values[value].segmentations = families(std::max<std::size_t>(cuts[value], kShareMin));
    }
  }

  /// With frames, around their edges first.
  [[nodiscard]] std::vector<SegmentationFamily> families(std::size_t cuts) const {
    const std::size_t others = share(kCutsMax) / 8;
    std::vector<SegmentationFamily> all;
    if (is_framed_) all = {{"field_cuts", cuts}, {"straddled", cuts}};
    for (SegmentationFamily family : {SegmentationFamily{"every_cut", cuts},
                                      {"byte_by_byte", 1},
                                      {"every_pair", others},
                                      {"every_chunk", others},
                                      {"random", std::min<std::size_t>(32, others)},
                                      {std::string(kForcedCoalescing), 1}}) {
      all.push_back(std::move(family));
    }
    return all;
  }

  [[nodiscard]] SuiteCase conversation() const {
    SuiteCase made = case_of(std::string(kConversation), Level::kMust,
                             "The service answers the recorded requests, each sent whole.",
                             "a recording that is not of this service", "", {"SEG-1"});
    made.area = "sanity";
    Steps steps;
    add_rest(steps, 0);
    made.values.push_back({.name = "", .steps = std::move(steps)});
    return made;
  }

  [[nodiscard]] SuiteCase request() const {
    SuiteCase made =
        case_of("request", Level::kMust,
                "The service answers as to the whole request, wherever the request is cut.",
                "one receive taken for the whole request, or for its first field",
                "Receive in a loop until the message is whole; one receive may bring any part of "
                "it.",
                {"SEG-1", "PFX-2"});
    std::vector<std::size_t> sizes;
    for (const std::size_t turn : requests_) {
      Steps steps = up_to(turn, cut(turns_[turn].request));
      add_answer(steps, turn);
      add_rest(steps, turn + 1);
      add_value(made, turn, std::move(steps));
      sizes.push_back(turns_[turn].request.bytes.size());
    }
    cut_by_size(made, std::move(sizes));
    return made;
  }

  /// The requests of these turns, one right behind the other, and then all of their answers.
  [[nodiscard]] Steps together(std::size_t begin, std::size_t end) const {
    Send all = turns_[begin].request;
    for (std::size_t turn = begin + 1; turn < end; ++turn) {
      all = joined(std::move(all), turns_[turn].request);
    }
    Steps steps = up_to(begin, cut(std::move(all)));
    for (std::size_t turn = begin; turn < end; ++turn) add_answer(steps, turn);
    add_rest(steps, end);
    return steps;
  }

  /// Of requests that come together.
  static SuiteCase of_joined(std::string name, std::string title, std::string why) {
    return case_of(std::move(name), Level::kMust, std::move(title), std::move(why),
                   "Take exactly one message out of what was received, keep the rest, and look at "
                   "it again before the next receive.",
                   {"SEG-1", "SEG-3"});
  }

  [[nodiscard]] SuiteCase joined_requests() const {
    SuiteCase made = of_joined(
        "joined",
        "Two requests in one piece, or cut elsewhere than between them, are answered like two.",
        "bytes behind a request thrown away, or added to it; a second request that waits for a "
        "third");
    std::vector<std::size_t> sizes;
    for (std::size_t turn = requests_.front(); turn + 1 < joined_end_; ++turn) {
      add_value(made, turn, together(turn, turn + 2));
      sizes.push_back(turns_[turn].request.bytes.size() + turns_[turn + 1].request.bytes.size());
    }
    cut_by_size(made, std::move(sizes));
    return made;
  }

  [[nodiscard]] SuiteCase all_joined() const {
    SuiteCase made =
        of_joined("all_joined", "All requests in one piece are answered, each in turn.",
                  "bytes behind a request thrown away, or added to it");
    made.segmentations = {{std::string(kForcedCoalescing), 1}, {"random", 16}};
    made.values.push_back({.name = "", .steps = together(requests_.front(), joined_end_)});
    return made;
  }

  /// A service may well stop working for a client that has ended its stream: HTTP servers and
  /// brokers do.
  [[nodiscard]] SuiteCase end_behind() const {
    SuiteCase made =
        case_of("end_behind", Level::kShould,
                "The last request is answered though the stream ends right behind it.",
                "a request that is thrown away because the end of the stream came with it",
                "Look at the bytes that were received before looking at the end of the stream.",
                {"EOS-1", "SEG-1"});
    made.segmentations = {{"whole+end", 1}, {"every_cut+end", kShareMin}, {"byte_by_byte+end", 1}};
    const std::size_t last = requests_.back();
    Steps steps = up_to(last, cut(turns_[last].request));
    if (!ends_before_answer(last)) add_step(steps, Finish{});
    add_answer(steps, last);
    add_step(steps, ExpectAnswer{});
    add_step(steps, ExpectClosed{});
    add_value(made, last, std::move(steps));
    return made;
  }

  [[nodiscard]] SuiteCase end_inside() const {
    SuiteCase made = case_of(
        "end_inside", Level::kMust,
        "When the stream ends inside a request, others are served as before.",
        "a receive of no bytes taken for data, in a loop without end; a process that dies of it",
        "A receive of no bytes is the end of the stream: inside a message that is an error.",
        {"EOS-2", "CON-4"});
    stop_everywhere(made, kStopsMax, Finish{});
    return made;
  }

  [[nodiscard]] SuiteCase reset_inside() const {
    SuiteCase made = case_of("reset_inside", Level::kMust,
                             "When the connection is reset inside a request, others are served as "
                             "before.",
                             "a process that dies of the error of a receive or of a send",
                             "Handle the error of each call; ignore SIGPIPE.", {"CON-4"});
    stop_everywhere(made, kResetsMax, Abort{});
    return made;
  }

  /// Each request stopped at offsets of it, and the connection ended like that.
  void stop_everywhere(SuiteCase& made, std::size_t most, const StepAction& end) const {
    for (const std::size_t turn : requests_) {
      Steps steps = up_to(turn, cut(turns_[turn].request, share(most)));
      add_step(steps, end);
      add_value(made, turn, std::move(steps));
    }
  }

  const std::vector<Turn>& turns_;
  std::string digest_;
  bool is_framed_;
  bool ends_before_answer_;
  bool is_pipelined_ = false;
  std::size_t joined_end_ = 0;         ///< the turn behind the last one that is joined with others
  std::vector<std::size_t> requests_;  ///< the turns that have one
};

}  // namespace

SuiteSet suites_of(const Recording& recording, const InvarianceOptions& options) {
  return SuiteSet(RecordingCases(recording, options).make());
}

}  // namespace framespec::conformance
