#include "suite/plan_json.h"

#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "framespec/md5.h"
#include "framespec/segmentation.h"
#include "suite/suite.h"

namespace framespec::conformance {
namespace {

using Json = nlohmann::ordered_json;

std::string hex(Bytes bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const std::byte byte : bytes) {
    text += kDigits[std::to_integer<unsigned>(byte) >> 4U];
    text += kDigits[std::to_integer<unsigned>(byte) & 15U];
  }
  return text;
}

/// As `name` in hex, or by size and digest.
void put(Json& json, const std::string& name, Bytes bytes, std::size_t hex_max = kHexBytesMax) {
  if (bytes.size() <= hex_max) {
    json[name] = hex(bytes);
    return;
  }
  Md5 digest;
  digest.update(bytes);
  json[name + "_size"] = bytes.size();
  json[name + "_md5"] = digest.finish();
}

Json frame_json(const ExpectedFrame& frame, std::size_t hex_max = kHexBytesMax) {
  Json json = Json::object();
  if (!frame.lead.empty()) put(json, "lead", frame.lead);
  if (!frame.filename.empty()) json["filename"] = frame.filename;
  put(json, "payload", frame.payload, hex_max);
  return json;
}

/// How much of a payload is in hex where that of all together would be too much: no more than the
/// digest takes.
constexpr std::size_t kHexBytesAmongMany = 32;

std::size_t hex_max_of(const std::vector<ExpectedFrame>& frames) {
  std::size_t total = 0;
  for (const auto& frame : frames) total += frame.payload.size();
  return total <= kHexBytesMax ? kHexBytesMax : kHexBytesAmongMany;
}

/// The connections on which no step expects anything, in the order of their first steps.
Json unjudged_connections(const Plan& plan) {
  std::vector<std::string> names = {"main"};
  std::set<std::string_view> seen = {"main"};
  // Of a "main" that stays open, what follows is expected to be answered.
  std::set<std::string_view> judged;
  if (plan.after == After::kMainOpen) judged.insert("main");
  for (const auto& step : plan.steps) {
    if (seen.insert(step.connection).second) names.push_back(step.connection);
    const bool expects = std::holds_alternative<ExpectFrames>(step.action) ||
                         std::holds_alternative<ExpectFlood>(step.action) ||
                         std::holds_alternative<ExpectClosed>(step.action) ||
                         std::holds_alternative<ExpectStalled>(step.action);
    if (expects) judged.insert(step.connection);
  }
  std::erase_if(names, [&](const std::string& name) { return judged.contains(name); });
  return names;
}

struct StepWriter {
  const Plan& plan;
  Json& json;

  void operator()(const Open&) const { json["do"] = "open"; }
  void operator()(const Finish& finish) const {
    json["do"] = "finish";
    if (finish.at_once) json["at_once"] = true;
  }
  void operator()(const Abort&) const { json["do"] = "abort"; }
  void operator()(const Pause& pause) const {
    json["do"] = "pause";
    json["ms"] = pause.time.count();
  }
  void operator()(const Send& send) const {
    json["do"] = "send";
    put(json, "bytes", send.bytes);
    json["frame_ends"] = send.frame_ends;
    if (!send.segmented) return;
    json["coalesced"] = plan.forced_coalescing;
    json["with_end"] = plan.ends_with_data;
    const auto cuts = Segmentation::parse(plan.segmentation, send.bytes.size(), send.frame_ends);
    json["cuts"] = Json::array();
    if (!cuts) return;
    for (const auto cut : cuts->cuts()) json["cuts"].push_back(cut);
  }
  void operator()(const Flood& flood) const {
    json["do"] = "flood";
    put(json, "bytes", flood.bytes);
    json["total"] = flood.total_bytes;
    json["goes_on"] = flood.goes_on;
    json["answer"] = frame_json(flood.answer);
  }
  void operator()(const ExpectFrames& expected) const {
    json["expect"] = "frames";
    json["frames"] = Json::array();
    const std::size_t hex_max = hex_max_of(expected.frames);
    for (const auto& frame : expected.frames) json["frames"].push_back(frame_json(frame, hex_max));
  }
  void operator()(const ExpectFlood&) const { json["expect"] = "flood"; }
  void operator()(const ExpectClosed& closed) const {
    json["expect"] = "closed";
    json["graceful"] = closed.graceful;
    if (closed.within) json["within_ms"] = closed.within->count();
  }
  void operator()(const ExpectStalled& stalled) const {
    json["expect"] = "stalled";
    json["bytes_max"] = stalled.bytes_max;
  }
  void operator()(const ExpectMemoryGrowth& memory) const {
    json["expect"] = memory.only_in_use ? "resident_memory" : "memory";
    json["growth_max"] = memory.bytes_max;
  }
  void operator()(const ExpectDescriptorGrowth& descriptors) const {
    json["expect"] = "descriptors";
    json["growth_max"] = descriptors.extra_max;
  }
  void operator()(const MeasureWork& measure) const {
    json["do"] = "measure";
    json["name"] = measure.name;
  }
  void operator()(const ExpectWork& work) const {
    json["expect"] = "work";
    json["of"] = work.of;
    json["against"] = work.against;
    json["times_max"] = work.times_max;
  }
};

}  // namespace

std::string to_json_line(const Plan& plan) {
  Json json = {{"id", plan.id},
               {"control", plan.control_id},
               {"title", plan.title},
               {"why", plan.why},
               {"remedy", plan.remedy},
               {"level", name_of(plan.level)},
               {"rules", plan.rules},
               {"dialect", plan.dialect->name},
               {"max_payload", plan.dialect->payload_size_max},
               {"steps", Json::array()}};
  for (const auto& step : plan.steps) {
    Json written = {{"on", step.connection}};
    std::visit(StepWriter{plan, written}, step.action);
    json["steps"].push_back(std::move(written));
  }
  json["main_stays_open"] = plan.after == After::kMainOpen;
  json["unjudged"] = unjudged_connections(plan);
  // ASCII alone: no text of a suite's is a control to a terminal.
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace framespec::conformance
