// parse_replay: from the text of a replay file to the replay.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <variant>

#include "framespec/event_deframer.h"
#include "framespec/json_syntax.h"
#include "framespec/replay.h"
#include "framespec/step_json.h"
#include "framespec/step_order.h"
#include "object_reader.h"
#include "step_values.h"

namespace framespec {
namespace {

using nlohmann::json;

// The dialect in the first line has levels of its own.
constexpr JsonFileKind kReplayLine{.name = "line of a replay file", .depth_max = 10};

class ReplayReader {
 public:
  std::expected<Replay, ReplayError> read(std::string_view text) {
    while (!text.empty() && !error_.is_set()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      ++line_;
      read_line(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (!error_.is_set() && !has_head_) {
      line_ = 1;
      error_.set("$", "there is no line; the first one says the format");
    }
    if (!error_.is_set()) check_end();
    if (!error_.is_set()) return std::move(replay_);
    auto [path, message] = error_.take();
    return std::unexpected(
        ReplayError{.line = line_, .path = std::move(path), .message = std::move(message)});
  }

 private:
  void check_end() {
    if (const std::string wrong = order_.end(); !wrong.empty()) {
      line_ = last_step_line_;
      error_.set("$", wrong);
    } else if (is_second_ && !says_main_stays_open_) {
      replay_.main_stays_open = !order_.has_ended("main");
    } else if (replay_.main_stays_open && order_.has_ended("main")) {
      line_ = head_line_;
      error_.set("$.main_stays_open",
                 "the steps end \"main\", so that nothing can be asked of it afterwards; "
                 "it must be false");
    }
  }

  void read_line(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() && has_head_) return;
    if (auto syntax = check_json_syntax(line, kReplayLine); !syntax) {
      error_.set(syntax.error().path, syntax.error().message);
      return;
    }
    const json document = json::parse(line);
    if (!std::exchange(has_head_, true)) {
      head_line_ = line_;
      read_head(document);
    } else if (document.is_object() && document.contains("failure")) {
      read_failure(document);
    } else if (document.is_object() && document.contains("came")) {
      read_came(document);
    } else {
      read_step(line, document);
    }
  }

  void read_head(const json& document) {
    static constexpr std::array<std::string_view, 7> kKeys{
        "format", "id", "title", "rules", "dialect", "main_stays_open", "origin"};
    static constexpr std::array<std::string_view, 2> kFormats{kReplayFormat1, kReplayFormat2};
    const json format =
        document.is_object() && document.contains("format") ? document.at("format") : json();
    if (std::ranges::none_of(kFormats, [&](std::string_view known) { return format == known; })) {
      error_.set("$.format",
                 "the first line must be an object with \"format\": " + one_of(kFormats));
      return;
    }
    is_second_ = format == kReplayFormat2;
    ObjectReader head(document, "$", kKeys, error_);
    replay_.id = head.text("id", kAnyText).value_or("");
    replay_.title = head.text("title", kAnyText).value_or("");
    says_main_stays_open_ = head.has("main_stays_open");
    replay_.main_stays_open = head.boolean("main_stays_open").value_or(true);
    if (head.has("rules")) read_rules(head);
    if (head.has("dialect")) read_dialect(head);
    if (head.has("origin")) read_origin(head.at("origin"));
  }

  void read_rules(ObjectReader& head) {
    const json& rules = head.at("rules");
    if (!rules.is_array()) return head.reject("rules", "an array of strings");
    for (const json& rule : rules) {
      if (!rule.is_string()) return head.reject("rules", "an array of strings");
      replay_.rules.push_back(rule.get<std::string>());
    }
  }

  void read_dialect(ObjectReader& head) {
    if (head.at("dialect").is_string() && !is_second_) {
      return head.reject("dialect", "the object of a dialect file; its name is enough in \"" +
                                        std::string(kReplayFormat2) + '"');
    }
    replay_.dialect = dialect_of(head, "dialect", error_);
  }

  void read_origin(const json& value) {
    static constexpr std::array<std::string_view, 4> kKeys{"tool", "testee", "seed", "fuzz_input"};
    ObjectReader origin(value, "$.origin", kKeys, error_);
    replay_.origin.tool = origin.text("tool", kAnyText).value_or("");
    replay_.origin.testee = origin.text("testee", kAnyText).value_or("");
    replay_.origin.seed = origin.count("seed");
    replay_.origin.fuzz_input = origin.text("fuzz_input", kAnyText).value_or("");
  }

  void read_step(std::string_view line, const json& document) {
    auto step = parse_step(line);
    if (!step) {
      error_.set(step.error().path, step.error().message);
      return;
    }
    auto* const send = std::get_if<step::Send>(&step->action);
    const bool has_frame_ends = send == nullptr || document.contains("frame_ends");
    if (!is_second_ &&
        (!is_of_first_format(*step) || !has_frame_ends || document.contains("text"))) {
      error_.set("$", "this is of \"" + std::string(kReplayFormat2) +
                          "\"; the first line must say so, instead of \"" +
                          std::string(kReplayFormat1) + '"');
      return;
    }
    if (!has_frame_ends && replay_.dialect) find_frame_ends(*send);
    if (is_told_what_came_) {
      error_.set("$", "a step stands behind what came of the steps");
      return;
    }
    if (const std::string wrong = order_.follow(*step); !wrong.empty()) {
      error_.set("$", wrong);
      return;
    }
    last_step_line_ = line_;
    replay_.steps.push_back(std::move(*step));
  }

  /// Where the frames of the head's dialect end.
  void find_frame_ends(step::Send& send) {
    Bytes rest = send.bytes;
    EventDeframer deframer(*replay_.dialect);
    for (;;) {
      const auto event = deframer.next(rest);
      if (event && event->kind == EventKind::kFrameEnd) {
        send.frame_ends.push_back(deframer.offset());
      }
      if (event && event->kind != EventKind::kNeedData) continue;
      if (event && deframer.at_frame_boundary()) return;
      const std::string wrong = to_string(event ? deframer.finish().error() : event.error());
      error_.set("$.frame_ends",
                 "is missing, and the bytes are not whole frames of the dialect \"" +
                     replay_.dialect->name + "\": " + wrong +
                     "; if they are not meant to be, it must be []");
      return;
    }
  }

  void read_came(const json& document) {
    static constexpr std::array<std::string_view, 4> kKeys{"on", "came", "size", "end"};
    is_told_what_came_ = true;
    ObjectReader object(document, "$", kKeys, error_);
    ReplayCame came;
    object.need("on", kAnyText);
    came.connection = object.text("on", kAnyText).value_or("");
    came.bytes = object.hex("came", kAnySize, 0).value_or(ByteVector{});
    object.need("size", kCountRule);
    came.size = object.count("size").value_or(0);
    object.need("end", kAnyText);
    came.end = object.text("end", kAnyText).value_or("");
    if (object.has("size") && came.size < came.bytes.size()) {
      object.reject("size", "no less than the bytes that came");
    }
    if (!told_of_.insert(came.connection).second) {
      object.reject("on", "a connection of which no line before tells what came");
    }
    replay_.came.push_back(std::move(came));
  }

  void read_failure(const json& document) {
    static constexpr std::array<std::string_view, 4> kKeys{"failure", "expected", "came",
                                                           "at_sentinel"};
    is_told_what_came_ = true;
    ObjectReader object(document, "$", kKeys, error_);
    ReplayFailure failure;
    failure.kind = object.text("failure", kAnyText).value_or("");
    object.need("expected", kAnyText);
    failure.expected = object.text("expected", kAnyText).value_or("");
    object.need("came", kAnyText);
    failure.came = object.text("came", kAnyText).value_or("");
    failure.at_sentinel = object.boolean("at_sentinel").value_or(false);
    if (replay_.failure) error_.set("$", "there is a line with the failure already; one is all");
    replay_.failure = std::move(failure);
  }

  Replay replay_;
  StepOrder order_;
  std::set<std::string> told_of_;  ///< connections, what came on them
  FirstError error_;
  std::uint64_t line_ = 0;
  std::uint64_t head_line_ = 1;
  std::uint64_t last_step_line_ = 1;
  bool is_second_ = false;
  bool says_main_stays_open_ = false;
  bool has_head_ = false;
  bool is_told_what_came_ = false;
};

}  // namespace

std::string to_string(const ReplayError& error) {
  return "line " + std::to_string(error.line) + ": " + error.path + ": " + error.message;
}

std::expected<Replay, ReplayError> parse_replay(std::string_view text) {
  if (text.size() > kReplaySizeMax) {
    return std::unexpected(ReplayError{.line = 1,
                                       .path = "$",
                                       .message = "the file is too large; it may have at most " +
                                                  std::to_string(kReplaySizeMax) + " bytes"});
  }
  return ReplayReader().read(text);
}

}  // namespace framespec
