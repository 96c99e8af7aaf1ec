// parse_step: from the JSON of a step to the step.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "framespec/json_syntax.h"
#include "framespec/step_json.h"
#include "object_reader.h"
#include "step_values.h"

namespace framespec {
namespace {

using nlohmann::json;

// A dialect, which can be awaited, has levels of its own.
constexpr JsonFileKind kStep{.name = "step", .depth_max = 10};
constexpr WholeNumberRange kTimeMs{0, std::int64_t{1000} * 86400};

/// What a step does or expects, by the name of that.
struct Kind {
  std::string_view name;
  std::array<std::string_view, 7> keys;  ///< of the step, beside "on"; the rest is empty
  step::Action (*read)(ObjectReader& object, FirstError& error);
};

step::Action read_send(ObjectReader& object, FirstError& error) {
  step::Send send{.bytes = bytes_or_text_of(object, "bytes", "text"), .frame_ends = {}};
  if (object.has("frame_ends")) {
    send.frame_ends = offsets_of(object, "frame_ends", send.bytes.size(), error);
  }
  send.copies = copies_of(object, send.bytes.size(), error);
  if (!object.has("cuts") && !object.has("coalesced") && !object.has("with_end")) return send;
  step::Arrival arrival{.cuts = {},
                        .is_coalesced = is_said(object, "coalesced"),
                        .is_with_end = is_said(object, "with_end")};
  const std::uint64_t last = send.bytes.empty() ? 0 : send.bytes.size() - 1;
  arrival.cuts = offsets_of(object, "cuts", last, error);
  if (arrival.is_coalesced && !arrival.cuts.empty()) {
    object.reject("cuts", "empty where coalesced is true");
  }
  send.arrival = std::move(arrival);
  return send;
}

step::Action read_flood(ObjectReader& object, FirstError& error) {
  step::Flood flood{.bytes = bytes_of(object, "bytes"),
                    .total_bytes = count_of(object, "total"),
                    .goes_on = is_said(object, "goes_on"),
                    .answer = {}};
  if (object.need("answer", "an object")) {
    flood.answer = read_frame(object.at("answer"), object.path("answer"), error);
  }
  if (flood.bytes.empty() && object.has("bytes")) object.reject("bytes", "one frame at least");
  return flood;
}

step::Action read_frames(ObjectReader& object, FirstError& error) {
  step::ExpectFrames expected;
  if (!object.need("frames", "an array of objects")) return expected;
  const json& frames = object.at("frames");
  if (!frames.is_array()) object.reject("frames", "an array of objects");
  for (std::size_t i = 0; frames.is_array() && i < frames.size() && !error.is_set(); ++i) {
    expected.frames.push_back(
        read_frame(frames[i], object.path("frames") + "[" + std::to_string(i) + "]", error));
  }
  return expected;
}

step::Action read_closed(ObjectReader& object, FirstError& /*error*/) {
  step::ExpectClosed closed{.graceful = is_said(object, "graceful")};
  if (const auto within = object.number("within_ms", kTimeMs)) {
    closed.within = std::chrono::milliseconds(*within);
  }
  return closed;
}

step::Action read_exit(ObjectReader& object, FirstError& /*error*/) {
  using Like = step::ExpectExit::Like;
  constexpr std::array<std::string_view, 2> kLike{"control", "control_if_same_status"};
  constexpr std::array<std::string_view, 1> kUnlike{"control"};
  constexpr WholeNumberRange kStatus{0, 255};
  step::ExpectExit exit;
  if (const auto like = object.choice("like", kLike)) {
    exit.like = *like == 0 ? Like::kControl : Like::kControlIfSameStatus;
  }
  if (object.has("like") && object.has("unlike")) object.reject("unlike", "absent beside \"like\"");
  if (object.choice("unlike", kUnlike)) exit.like = Like::kNotControl;
  if (!object.has("status") && !object.has("output")) return exit;
  const bool is_whole =
      object.need("status", describe(kStatus)) && object.need("output", bytes_rule(0, kAnySize));
  if (!is_whole) return exit;
  exit.control = {.status = static_cast<std::uint8_t>(object.number("status", kStatus).value_or(0)),
                  .output = bytes_of(object, "output")};
  if (exit.like == Like::kAnything)
    object.reject("status", "absent without \"like\" or \"unlike\"");
  return exit;
}

step::Action read_answer(ObjectReader& object, FirstError& error) {
  step::ExpectAnswer answer{.bytes = bytes_or_text_of(object, "bytes", "text")};
  answer.varies = stretches_of(object, "varies", answer.bytes.size(), error);
  answer.masks = texts_of(object, "masks", error);
  return answer;
}

step::Action read_await(ObjectReader& step, FirstError& error) {
  constexpr std::array<std::string_view, 4> kKeys{"bytes", "until", "until_text", "frame"};
  const json& value = step.at("await");
  ObjectReader object(value, step.path("await"), kKeys, error);
  if (error.is_set()) return step::Await{};
  if (value.size() != 1) {
    step.reject("await", "an object with one member, " + one_of(kKeys));
    return step::Await{};
  }
  if (object.has("frame")) return step::Await{step::AwaitFrame{dialect_of(object, "frame", error)}};
  if (object.has("bytes")) {
    const std::uint64_t size = count_of(object, "bytes");
    if (size == 0) object.reject("bytes", "one byte at least");
    return step::Await{step::AwaitBytes{size}};
  }
  step::AwaitUntil until{bytes_or_text_of(object, "until", "until_text")};
  if (until.bytes.empty()) {
    object.reject(object.has("until") ? "until" : "until_text", "one byte at least");
  }
  return step::Await{std::move(until)};
}

constexpr std::array<Kind, 7> kActions{{
    {"open", {}, [](ObjectReader&, FirstError&) -> step::Action { return step::Open{}; }},
    {"send", {"bytes", "text", "frame_ends", "copies", "coalesced", "with_end", "cuts"}, read_send},
    {"flood", {"bytes", "total", "goes_on", "answer"}, read_flood},
    {"finish",
     {"at_once"},
     [](ObjectReader& object, FirstError&) -> step::Action {
       return step::Finish{.at_once = object.boolean("at_once").value_or(false)};
     }},
    {"abort", {}, [](ObjectReader&, FirstError&) -> step::Action { return step::Abort{}; }},
    {"pause",
     {"ms"},
     [](ObjectReader& object, FirstError&) -> step::Action {
       if (!object.need("ms", describe(kTimeMs))) return step::Pause{};
       return step::Pause{.time =
                              std::chrono::milliseconds(object.number("ms", kTimeMs).value_or(0))};
     }},
    {"measure",
     {"name"},
     [](ObjectReader& object, FirstError&) -> step::Action {
       return step::MeasureWork{.name = text_of(object, "name")};
     }},
}};

constexpr std::array<Kind, 10> kExpectations{{
    {"frames", {"frames"}, read_frames},
    {"flood", {}, [](ObjectReader&, FirstError&) -> step::Action { return step::ExpectFlood{}; }},
    {"closed", {"graceful", "within_ms"}, read_closed},
    {"answer", {"bytes", "text", "varies", "masks"}, read_answer},
    {"exit", {"like", "unlike", "status", "output"}, read_exit},
    {"stalled",
     {"bytes_max"},
     [](ObjectReader& object, FirstError&) -> step::Action {
       return step::ExpectStalled{.bytes_max = count_of(object, "bytes_max")};
     }},
    {"memory",
     {"growth_max"},
     [](ObjectReader& object, FirstError&) -> step::Action {
       return step::ExpectMemoryGrowth{.bytes_max = count_of(object, "growth_max")};
     }},
    {"resident_memory",
     {"growth_max"},
     [](ObjectReader& object, FirstError&) -> step::Action {
       return step::ExpectMemoryGrowth{.bytes_max = count_of(object, "growth_max"),
                                       .only_in_use = true};
     }},
    {"descriptors",
     {"growth_max"},
     [](ObjectReader& object, FirstError&) -> step::Action {
       return step::ExpectDescriptorGrowth{.extra_max = count_of(object, "growth_max")};
     }},
    {"work",
     {"of", "against", "times_max"},
     [](ObjectReader& object, FirstError&) -> step::Action {
       return step::ExpectWork{.of = text_of(object, "of"),
                               .against = text_of(object, "against"),
                               .times_max = count_of(object, "times_max")};
     }},
}};

constexpr Kind kAwait{"await", {}, read_await};

/// The kind that the member `word` ("do" or "expect") names.
const Kind* kind_of(const json& document, const char* word, std::span<const Kind> kinds,
                    FirstError& error) {
  std::vector<std::string_view> names;
  for (const Kind& kind : kinds) {
    if (document.at(word) == kind.name) return &kind;
    names.push_back(kind.name);
  }
  error.set(member_path("$", word), not_allowed(shown(document.at(word)), one_of(names)));
  return nullptr;
}

/// The one member that says what the step is, or null.
const char* word_of(const json& document) {
  const char* found = nullptr;
  for (const char* const word : {"do", "expect", "await"}) {
    if (!document.is_object() || !document.contains(word)) continue;
    if (found != nullptr) return nullptr;
    found = word;
  }
  return found;
}

Step read_step(const json& document, FirstError& error) {
  Step step;
  const char* const word = word_of(document);
  if (word == nullptr) {
    error.set("$", not_allowed(shown(document),
                               "an object with \"do\", with \"expect\" or with \"await\""));
    return step;
  }
  const std::string_view said = word;
  const Kind* const kind = said == "await" ? &kAwait
                           : said == "do"  ? kind_of(document, word, kActions, error)
                                           : kind_of(document, word, kExpectations, error);
  if (kind == nullptr) return step;
  std::vector<std::string_view> keys = {"on", word};
  std::ranges::copy_if(kind->keys, std::back_inserter(keys),
                       [](std::string_view key) { return !key.empty(); });
  ObjectReader object(document, "$", keys, error);
  step.connection = text_of(object, "on");
  if (!error.is_set()) step.action = kind->read(object, error);
  return step;
}

}  // namespace

std::expected<Step, StepError> parse_step(std::string_view text) {
  if (auto syntax = check_json_syntax(text, kStep); !syntax) {
    auto& [path, message] = syntax.error();
    return std::unexpected(StepError{.path = std::move(path), .message = std::move(message)});
  }
  FirstError error;
  Step step = read_step(json::parse(text), error);
  if (error.is_set()) {
    auto [path, message] = error.take();
    return std::unexpected(StepError{.path = std::move(path), .message = std::move(message)});
  }
  return step;
}

}  // namespace framespec
