// parse_step: from the JSON of a step to the step.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "framespec/json_syntax.h"
#include "framespec/step_json.h"
#include "object_reader.h"

namespace framespec {
namespace {

using nlohmann::json;

constexpr JsonFileKind kStep{.name = "step", .depth_max = 4};
constexpr WholeNumberRange kTimeMs{0, std::int64_t{1000} * 86400};
constexpr std::string_view kAnyText = "a string";

std::uint64_t count_of(ObjectReader& object, const char* key) {
  return object.need(key, kCountRule) ? object.count(key).value_or(0) : 0;
}

ByteVector bytes_of(ObjectReader& object, const char* key) {
  if (!object.need(key, bytes_rule(0, kAnySize))) return {};
  return object.hex(key, kAnySize, 0).value_or(ByteVector{});
}

std::string text_of(ObjectReader& object, const char* key) {
  if (!object.need(key, kAnyText)) return {};
  return object.text(key, kAnyText).value_or("");
}

bool is_said(ObjectReader& object, const char* key) {
  return object.need(key, "true or false") && object.boolean(key).value_or(false);
}

/// Ascending offsets above 0, up to `last`.
std::vector<std::uint64_t> offsets_of(ObjectReader& object, const char* key, std::uint64_t last,
                                      FirstError& error) {
  const std::string allowed =
      "ascending whole numbers from 1 to " + std::to_string(last) + ", in digits";
  if (!object.need(key, "an array of " + allowed)) return {};
  const json& values = object.at(key);
  if (!values.is_array()) {
    object.reject(key, "an array of " + allowed);
    return {};
  }
  std::vector<std::uint64_t> offsets;
  offsets.reserve(values.size());
  for (const json& value : values) {
    const std::uint64_t before = offsets.empty() ? 0 : offsets.back();
    const bool is_right = value.is_number_unsigned() && value.get<std::uint64_t>() > before &&
                          value.get<std::uint64_t>() <= last;
    if (!is_right) {
      error.set(object.path(key) + "[" + std::to_string(offsets.size()) + "]",
                not_allowed(shown(value), allowed));
      return offsets;
    }
    offsets.push_back(value.get<std::uint64_t>());
  }
  return offsets;
}

step::ExpectedFrame read_frame(const json& value, std::string path, FirstError& error) {
  constexpr std::array<std::string_view, 3> kKeys{"lead", "filename", "payload"};
  ObjectReader object(value, std::move(path), kKeys, error);
  step::ExpectedFrame frame;
  if (error.is_set()) return frame;
  frame.payload = bytes_of(object, "payload");
  frame.lead = object.hex("lead", kAnySize).value_or(ByteVector{});
  frame.filename = object.text("filename", kAnyText).value_or("");
  return frame;
}

/// What a step does or expects, by the name of that.
struct Kind {
  std::string_view name;
  std::array<std::string_view, 6> keys;  ///< of the step, beside "on"; the rest is empty
  step::Action (*read)(ObjectReader& object, FirstError& error);
};

step::Action read_send(ObjectReader& object, FirstError& error) {
  step::Send send{.bytes = bytes_of(object, "bytes"), .frame_ends = {}};
  send.frame_ends = offsets_of(object, "frame_ends", send.bytes.size(), error);
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

constexpr std::array<Kind, 7> kActions{{
    {"open", {}, [](ObjectReader&, FirstError&) -> step::Action { return step::Open{}; }},
    {"send", {"bytes", "frame_ends", "coalesced", "with_end", "cuts"}, read_send},
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

constexpr std::array<Kind, 8> kExpectations{{
    {"frames", {"frames"}, read_frames},
    {"flood", {}, [](ObjectReader&, FirstError&) -> step::Action { return step::ExpectFlood{}; }},
    {"closed", {"graceful", "within_ms"}, read_closed},
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

Step read_step(const json& document, FirstError& error) {
  Step step;
  const bool is_action = document.is_object() && document.contains("do");
  if (!document.is_object() || is_action == document.contains("expect")) {
    error.set("$", not_allowed(shown(document), "an object with \"do\" or with \"expect\""));
    return step;
  }
  const char* const word = is_action ? "do" : "expect";
  const Kind* const kind = is_action ? kind_of(document, word, kActions, error)
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
