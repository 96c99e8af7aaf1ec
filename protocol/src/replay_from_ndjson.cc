// parse_replay: from the text of a replay file to the replay.
#include <algorithm>
#include <array>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <variant>

#include "framespec/json_syntax.h"
#include "framespec/printable.h"
#include "framespec/replay.h"
#include "framespec/shortened.h"
#include "framespec/step_json.h"
#include "object_reader.h"

namespace framespec {
namespace {

using nlohmann::json;

// The dialect in the first line has levels of its own.
constexpr JsonFileKind kReplayLine{.name = "line of a replay file", .depth_max = 10};
constexpr WholeNumberRange kAnyCount{0, std::numeric_limits<std::int64_t>::max()};
constexpr std::string_view kAnyText = "a string";
constexpr std::size_t kShownMax = 60;

/// Which connections there are, as the steps go on.
class Connections {
 public:
  /// What is wrong with the step where it stands; empty if nothing is.
  std::string take(const Step& step) {
    const std::string name =
        "the connection \"" + printable(shortened(step.connection, kShownMax)) + "\" ";
    if (std::holds_alternative<step::Open>(step.action)) {
      return known_.insert(step.connection).second ? "" : name + "is opened twice";
    }
    if (!known_.contains(step.connection)) return name + "was not opened";
    const bool sends = std::holds_alternative<step::Send>(step.action) ||
                       std::holds_alternative<step::Flood>(step.action);
    if (sends && finished_.contains(step.connection)) return name + "was ended by us";
    if (std::holds_alternative<step::Finish>(step.action) ||
        std::holds_alternative<step::Abort>(step.action)) {
      finished_.insert(step.connection);
    }
    return "";
  }

 private:
  std::set<std::string> known_ = {"main"};
  std::set<std::string> finished_;
};

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
      error_.set("$", "there is no line; the first one says the format");
    }
    if (!error_.is_set()) return std::move(replay_);
    auto [path, message] = error_.take();
    return std::unexpected(
        ReplayError{.line = line_, .path = std::move(path), .message = std::move(message)});
  }

 private:
  void read_line(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() && has_head_) return;
    if (auto syntax = check_json_syntax(line, kReplayLine); !syntax) {
      error_.set(syntax.error().path, syntax.error().message);
      return;
    }
    const json document = json::parse(line);
    if (!std::exchange(has_head_, true)) {
      read_head(document);
    } else if (document.is_object() && document.contains("failure")) {
      read_failure(document);
    } else if (document.is_object() && document.contains("came")) {
      read_came(document);
    } else {
      read_step(line);
    }
  }

  void read_head(const json& document) {
    static constexpr std::array<std::string_view, 6> kKeys{
        "format", "id", "title", "dialect", "main_stays_open", "origin"};
    static constexpr std::array<std::string_view, 1> kFormats{kReplayFormat};
    if (!document.is_object() || !document.contains("format") ||
        document.at("format") != kReplayFormat) {
      error_.set("$.format",
                 "the first line must be an object with \"format\": " + one_of(kFormats));
      return;
    }
    ObjectReader head(document, "$", kKeys, error_);
    replay_.id = head.text("id", kAnyText).value_or("");
    replay_.title = head.text("title", kAnyText).value_or("");
    replay_.main_stays_open = head.boolean("main_stays_open").value_or(true);
    if (head.has("dialect")) read_dialect(head.at("dialect"));
    if (head.has("origin")) read_origin(head.at("origin"));
  }

  void read_dialect(const json& value) {
    auto dialect = parse_dialect(value.dump(-1, ' ', true, json::error_handler_t::replace));
    if (dialect) {
      replay_.dialect = std::move(*dialect);
    } else {
      error_.set("$.dialect" + dialect.error().path.substr(1), dialect.error().message);
    }
  }

  void read_origin(const json& value) {
    static constexpr std::array<std::string_view, 3> kKeys{"tool", "testee", "seed"};
    ObjectReader origin(value, "$.origin", kKeys, error_);
    replay_.origin.tool = origin.text("tool", kAnyText).value_or("");
    replay_.origin.testee = origin.text("testee", kAnyText).value_or("");
    if (const auto seed = origin.number("seed", kAnyCount)) {
      replay_.origin.seed = static_cast<std::uint64_t>(*seed);
    }
  }

  void read_step(std::string_view line) {
    auto step = parse_step(line);
    if (!step) {
      error_.set(step.error().path, step.error().message);
      return;
    }
    if (is_told_what_came_) {
      error_.set("$", "a step stands behind what came of the steps");
      return;
    }
    if (const std::string wrong = connections_.take(*step); !wrong.empty()) {
      error_.set("$.on", wrong);
      return;
    }
    replay_.steps.push_back(std::move(*step));
  }

  void read_came(const json& document) {
    static constexpr std::array<std::string_view, 4> kKeys{"on", "came", "size", "end"};
    is_told_what_came_ = true;
    ObjectReader object(document, "$", kKeys, error_);
    ReplayCame came;
    object.need("on", kAnyText);
    came.connection = object.text("on", kAnyText).value_or("");
    came.bytes = object.hex("came", kAnySize, 0).value_or(ByteVector{});
    object.need("size", describe(kAnyCount));
    came.size = static_cast<std::uint64_t>(object.number("size", kAnyCount).value_or(0));
    object.need("end", kAnyText);
    came.end = object.text("end", kAnyText).value_or("");
    if (object.has("size") && came.size < came.bytes.size()) {
      object.reject("size", "no less than the bytes that came");
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
    replay_.failure = std::move(failure);
  }

  Replay replay_;
  Connections connections_;
  FirstError error_;
  std::uint64_t line_ = 0;
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
