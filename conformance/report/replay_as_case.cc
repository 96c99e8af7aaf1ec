#include "report/replay_as_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "framespec/hex.h"
#include "report/replay_stream.h"
#include "runner/run_result.h"
#include "suite/content.h"
#include "suite/segmentation_family.h"
#include "suite/spec_rules.h"
#include "suite/step_file.h"
#include "suite/suite.h"

namespace framespec::conformance {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kArea = "replay";
// Shorter contents are as well said in full.
constexpr std::size_t kPlainSizeMax = 256;

/// What cannot be said, as the end of a sentence.
struct NotSayable {
  std::string why;
};

Json in_hex(Bytes bytes) { return {{"hex", write_hex(bytes)}}; }

/// A case has no words for that, and the testee has nothing to do.
bool expects_nothing(const Step& step) {
  const auto* expected = std::get_if<step::ExpectFrames>(&step.action);
  return expected != nullptr && expected->frames.empty();
}

/// A list is of bounded length; but one of lists can be that much longer.
Json in_one_list(Json steps) {
  if (steps.size() <= kStepsMax) return steps;
  Json lists = Json::array();
  for (std::size_t index = 0; index < steps.size(); ++index) {
    if (index % kStepsMax == 0) lists.push_back({{"repeat", 1}, {"steps", Json::array()}});
    lists.back()["steps"].push_back(std::move(steps[index]));
  }
  return lists;
}

class CaseWriter {
 public:
  CaseWriter(const Replay& replay, const Dialect& dialect) : replay_(replay), dialect_(dialect) {
    for (ReplayStream& stream : streams_of(replay, dialect)) {
      const std::string connection = stream.connection;
      streams_.emplace(connection, Position{.stream = std::move(stream)});
    }
  }

  Json write() {
    Json steps = Json::array();
    for (const Step& step : replay_.steps) {
      if (expects_nothing(step)) continue;
      steps.push_back(
          std::visit([&](const auto& action) { return of(step.connection, action); }, step.action));
    }
    Json one = {{"name", name()},
                {"title", replay_.title.empty() ? "What was played is answered as it must be."
                                                : replay_.title},
                {"why", why()},
                {"rules", rules()}};
    if (segmentation_ != "whole") one["segmentations"] = {segmentation_};
    one["steps"] = in_one_list(std::move(steps));
    return {{"area", kArea},
            {"title", "Replays made into cases"},
            {"cases", Json::array({std::move(one)})}};
  }

  [[nodiscard]] std::string id() const {
    return fmt::format("{}/{}/{}/{}", kArea, dialect_.name, segmentation_, name());
  }

 private:
  struct Position {
    ReplayStream stream;
    std::uint64_t sent = 0;
    std::size_t frame = 0;  ///< the first that is not sent whole
  };

  /// Area and name of its case, in the letters that a name may have.
  [[nodiscard]] std::string name() const {
    const std::string& id = replay_.id;
    const std::size_t area = id.find('/');
    std::string words =
        area == std::string::npos ? id : id.substr(0, area) + "_" + id.substr(id.rfind('/') + 1);
    words.resize(std::min<std::size_t>(words.size(), 100));
    for (char& c : words) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
      if ((c < 'a' || c > 'z') && (c < '0' || c > '9')) c = '_';
    }
    return words.empty() ? "played" : words;
  }

  [[nodiscard]] std::string why() const {
    if (!replay_.failure) return "what the replay file that it was made of was kept for";
    return fmt::format("seen once: expected {}; came {}", replay_.failure->expected,
                       replay_.failure->came);
  }

  /// Those that this SPEC.md has. Every case shows at least that cuts change nothing.
  [[nodiscard]] std::vector<std::string> rules() const {
    std::vector<std::string> known;
    for (const std::string& rule : replay_.rules) {
      if (find_spec_rule(rule) != nullptr && std::ranges::find(known, rule) == known.end()) {
        known.push_back(rule);
      }
    }
    if (known.empty()) known.push_back("SEG-1");
    return known;
  }

  /// In as few words as content can be said.
  Json content_of(Bytes bytes) {
    if (bytes.size() > kPlainSizeMax) {
      const Content random{.kind = Content::Kind::kRandom,
                           .bytes = {},
                           .size = {SizeExpression::Symbol::kNone, bytes.size()}};
      const auto same = materialise(random, dialect_);
      if (same && as_text(*same) == as_text(bytes)) return {{"random", bytes.size()}};
      const auto parts = repetitions_of(bytes);
      const std::size_t unit = parts.front().unit.size();
      const bool is_repeated =
          parts.front().times > 1 &&
          std::ranges::equal(bytes.subspan(unit), bytes.first(bytes.size() - unit));
      if (is_repeated) return {{"repeat", in_hex(parts.front().unit)}, {"size", bytes.size()}};
    }
    written_ += bytes.size();
    if (written_ > kShownBytesMax) {
      throw NotSayable{
          fmt::format("more than {} of its bytes would have to be written out", kShownBytesMax)};
    }
    return in_hex(bytes);
  }

  Json on(const std::string& connection, Json step) const {
    if (connection != "main") step["on"] = connection;
    return step;
  }

  Json of(const std::string& connection, const step::Open&) { return {{"open", connection}}; }
  Json of(const std::string& connection, const step::Abort&) { return {{"abort", connection}}; }
  Json of(const std::string& connection, const step::Finish& finish) {
    Json step = {{"finish", connection}};
    if (finish.at_once) step["at_once"] = true;
    return step;
  }
  Json of(const std::string&, const step::Pause&) {
    throw NotSayable{"a case measures its pauses by --frame-timeout, and a replay by the clock"};
  }
  Json of(const std::string& connection, const step::ExpectFrames&) {
    return on(connection, {{"expect", "frames"}});
  }
  Json of(const std::string& connection, const step::ExpectFlood&) {
    return on(connection, {{"expect", "frames"}});
  }
  Json of(const std::string& connection, const step::ExpectClosed& closed) {
    if (closed.within) {
      throw NotSayable{"a case measures time by --frame-timeout, and a replay by the clock"};
    }
    Json step = {{"expect", "closed"}};
    if (closed.graceful) step["graceful"] = true;
    return on(connection, std::move(step));
  }
  Json of(const std::string& connection, const step::ExpectStalled& stalled) {
    return on(connection, {{"expect", "stalled"}, {"bytes_max", stalled.bytes_max}});
  }
  Json of(const std::string&, const step::ExpectMemoryGrowth& memory) {
    return {{"expect", memory.only_in_use ? "resident_memory" : "memory"},
            {"growth_max", memory.bytes_max}};
  }
  Json of(const std::string&, const step::ExpectDescriptorGrowth& descriptors) {
    return {{"expect", "descriptors"}, {"growth_max", descriptors.extra_max}};
  }
  Json of(const std::string&, const step::MeasureWork& measure) {
    return {{"measure", measure.name}};
  }
  Json of(const std::string&, const step::ExpectWork& work) {
    return {{"expect", "work"},
            {"of", work.of},
            {"against", work.against},
            {"times_max", work.times_max}};
  }
  Json of(const std::string&, const step::Await&) { throw of_a_client(); }
  Json of(const std::string&, const step::ExpectExit&) { throw of_a_client(); }
  Json of(const std::string&, const step::ExpectAnswer&) {
    throw NotSayable{
        "it is a conversation with a service, whose cases are made of its recording (framespec "
        "invariance)"};
  }
  static NotSayable of_a_client() {
    return {"it is an exchange with a client, whose cases are made of its answer file"};
  }
  Json of(const std::string& connection, const step::Flood& flood) {
    Json step = {{"flood", content_of(flood.answer.payload)}, {"total", flood.total_bytes}};
    if (flood.goes_on) step["goes_on"] = true;
    return on(connection, std::move(step));
  }

  Json of(const std::string& connection, const step::Send& send) {
    Json items = Json::array();
    Position& position = streams_.at(connection);
    const std::uint64_t end = position.sent + send.bytes.size();
    while (position.sent < end) add_item(position, end, items);
    Json step = {{"send", std::move(items)}};
    if (send.arrival && *send.arrival != step::Arrival{}) {
      if (segmentation_ != "whole") throw NotSayable{"only one step of a case can be cut"};
      segmentation_ = name_of(*send.arrival, send.bytes.size());
      step["cut"] = true;
    }
    return on(connection, std::move(step));
  }

  static std::string name_of(const step::Arrival& arrival, std::uint64_t size) {
    const std::string name =
        arrival.is_coalesced ? std::string(kForcedCoalescing) : name_of_cuts(size, arrival.cuts);
    return arrival.is_with_end ? name + std::string(kWithEnd) : name;
  }

  /// The bytes up to the next edge: of a frame, of its payload, of the step.
  void add_item(Position& position, std::uint64_t end, Json& items) {
    const ReplayStream& stream = position.stream;
    const std::uint64_t begin = position.sent;
    const FramePlace* const frame =
        position.frame < stream.places.size() ? &stream.places[position.frame] : nullptr;
    position.sent = end;
    if (frame != nullptr) {
      for (const std::uint64_t edge : {frame->end, frame->trailer, frame->payload}) {
        if (edge > begin) position.sent = std::min(position.sent, edge);
      }
    }
    const Bytes bytes = Bytes(stream.bytes).subspan(begin, position.sent - begin);
    Json item = {{"bytes", content_of(bytes)}};
    if (frame != nullptr && position.sent == frame->end) {
      add_answer(stream, position.frame++, item);
    }
    items.push_back(std::move(item));
  }

  void add_answer(const ReplayStream& stream, std::size_t frame, Json& item) {
    if (frame >= stream.answers.size()) return;
    const step::ExpectedFrame& answer = stream.answers[frame];
    item["answer"] = content_of(answer.payload);
    if (answer.lead != dialect_.lead) item["lead"] = write_hex(answer.lead);
    if (!answer.filename.empty()) item["filename"] = answer.filename;
  }

  const Replay& replay_;
  const Dialect& dialect_;
  std::map<std::string, Position> streams_;
  std::string segmentation_ = "whole";
  std::size_t written_ = 0;
};

/// The steps without what a case writes otherwise, and means the same by.
std::vector<Step> comparable(std::vector<Step> steps) {
  std::erase_if(steps, expects_nothing);
  for (Step& step : steps) {
    auto* const send = std::get_if<step::Send>(&step.action);
    if (send == nullptr) continue;
    send->frame_ends.clear();
    if (!send->arrival) send->arrival = step::Arrival{};
  }
  return steps;
}

/// Why the case that the text makes is not the replay; nothing if it is.
std::optional<std::string> difference(const std::string& text, const std::string& id,
                                      const Replay& replay, const Dialect& dialect) {
  auto suites = SuiteSet::parse(text, "the case");
  if (!suites) return to_string(suites.error());
  ExpandOptions options;
  options.with_long = true;
  options.filters = {id};
  const auto plan = PlanSource(*std::move(suites), dialect, options).build(id);
  if (!plan) return plan.error();
  if (comparable(plan->steps) != comparable(replay.steps)) return "its steps would be others";
  if ((plan->after == After::kMainOpen) != replay.main_stays_open) {
    return "it would look for a sign of life on another connection";
  }
  return std::nullopt;
}

}  // namespace

std::expected<std::string, std::string> as_case(const Replay& replay, const Dialect& dialect) {
  try {
    CaseWriter writer(replay, dialect);
    const Json json = writer.write();
    std::string text = json.dump(2, ' ', true, Json::error_handler_t::replace) + '\n';
    const auto wrong = difference(text, writer.id(), replay, dialect);
    if (!wrong) return text;
    return std::unexpected("no case can be what this replay is: " + *wrong);
  } catch (const NotSayable& not_sayable) {
    return std::unexpected("no case can be what this replay is: " + not_sayable.why);
  }
}

}  // namespace framespec::conformance
