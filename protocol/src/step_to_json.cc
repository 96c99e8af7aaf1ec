// to_json: from a step to its JSON.
#include <nlohmann/json.hpp>
#include <utility>
#include <variant>

#include "framespec/dialect.h"
#include "framespec/hex.h"
#include "framespec/md5.h"
#include "framespec/step_json.h"

namespace framespec {
namespace {

using Json = nlohmann::ordered_json;

// How much of a payload is in hex where all together have more than the limit: no more than the
// digest takes.
constexpr std::size_t kHexAmongMany = 32;

/// As `name` in hex, or by size and digest.
void put(Json& json, const std::string& name, Bytes bytes, std::size_t hex_max) {
  if (bytes.size() <= hex_max) {
    json[name] = write_hex(bytes);
    return;
  }
  Md5 digest;
  digest.update(bytes);
  json[name + "_size"] = bytes.size();
  json[name + "_md5"] = digest.finish();
}

Json frame_json(const step::ExpectedFrame& frame, std::size_t hex_max) {
  Json json = Json::object();
  if (!frame.lead.empty()) put(json, "lead", frame.lead, hex_max);
  if (!frame.filename.empty()) json["filename"] = frame.filename;
  put(json, "payload", frame.payload, hex_max);
  return json;
}

struct Writer {
  Json& json;
  std::size_t hex_max;

  void operator()(const step::Open&) const { json["do"] = "open"; }
  void operator()(const step::Finish& finish) const {
    json["do"] = "finish";
    if (finish.at_once) json["at_once"] = true;
  }
  void operator()(const step::Abort&) const { json["do"] = "abort"; }
  void operator()(const step::Pause& pause) const {
    json["do"] = "pause";
    json["ms"] = pause.time.count();
  }
  void operator()(const step::Send& send) const {
    json["do"] = "send";
    put(json, "bytes", send.bytes, hex_max);
    json["frame_ends"] = send.frame_ends;
    if (!send.copies.empty()) json["copies"] = Json::array();
    for (const step::Copy& copy : send.copies) {
      json["copies"].push_back({{"from", copy.from}, {"to", copy.to}, {"size", copy.size}});
    }
    if (!send.arrival) return;
    json["coalesced"] = send.arrival->is_coalesced;
    json["with_end"] = send.arrival->is_with_end;
    json["cuts"] = send.arrival->cuts;
  }
  void operator()(const step::Flood& flood) const {
    json["do"] = "flood";
    put(json, "bytes", flood.bytes, hex_max);
    json["total"] = flood.total_bytes;
    json["goes_on"] = flood.goes_on;
    json["answer"] = frame_json(flood.answer, hex_max);
  }
  void operator()(const step::ExpectFrames& expected) const {
    std::size_t total = 0;
    for (const auto& frame : expected.frames) total += frame.payload.size();
    const std::size_t of_each = total <= hex_max ? hex_max : kHexAmongMany;
    json["expect"] = "frames";
    json["frames"] = Json::array();
    for (const auto& frame : expected.frames) json["frames"].push_back(frame_json(frame, of_each));
  }
  void operator()(const step::ExpectFlood&) const { json["expect"] = "flood"; }
  void operator()(const step::ExpectClosed& closed) const {
    json["expect"] = "closed";
    json["graceful"] = closed.graceful;
    if (closed.within) json["within_ms"] = closed.within->count();
  }
  void operator()(const step::ExpectStalled& stalled) const {
    json["expect"] = "stalled";
    json["bytes_max"] = stalled.bytes_max;
  }
  void operator()(const step::ExpectMemoryGrowth& memory) const {
    json["expect"] = memory.only_in_use ? "resident_memory" : "memory";
    json["growth_max"] = memory.bytes_max;
  }
  void operator()(const step::ExpectDescriptorGrowth& descriptors) const {
    json["expect"] = "descriptors";
    json["growth_max"] = descriptors.extra_max;
  }
  void operator()(const step::MeasureWork& measure) const {
    json["do"] = "measure";
    json["name"] = measure.name;
  }
  void operator()(const step::ExpectWork& work) const {
    json["expect"] = "work";
    json["of"] = work.of;
    json["against"] = work.against;
    json["times_max"] = work.times_max;
  }
  void operator()(const step::Await& await) const {
    Json& what = json["await"] = Json::object();
    if (const auto* bytes = std::get_if<step::AwaitBytes>(&await.what)) what["bytes"] = bytes->size;
    if (const auto* until = std::get_if<step::AwaitUntil>(&await.what)) {
      what["until"] = write_hex(until->bytes);
    }
    if (const auto* frame = std::get_if<step::AwaitFrame>(&await.what)) {
      const Dialect* const shipped = find_dialect(frame->dialect.name);
      const bool is_shipped = shipped != nullptr && *shipped == frame->dialect;
      what["frame"] = is_shipped ? Json(frame->dialect.name) : Json::parse(to_json(frame->dialect));
    }
  }
  void operator()(const step::ExpectExit& exit) const {
    using Like = step::ExpectExit::Like;
    json["expect"] = "exit";
    if (exit.like == Like::kNotControl) json["unlike"] = "control";
    if (exit.like == Like::kControl) json["like"] = "control";
    if (exit.like == Like::kControlIfSameStatus) json["like"] = "control_if_same_status";
    if (!exit.control) return;
    json["status"] = exit.control->status;
    put(json, "output", exit.control->output, hex_max);
  }
  void operator()(const step::ExpectAnswer& answer) const {
    json["expect"] = "answer";
    put(json, "bytes", answer.bytes, hex_max);
    if (!answer.varies.empty()) json["varies"] = Json::array();
    for (const step::Stretch& stretch : answer.varies) {
      json["varies"].push_back({stretch.from, stretch.to});
    }
    if (!answer.masks.empty()) json["masks"] = answer.masks;
  }
};

}  // namespace

std::string to_json(const Step& step, std::size_t hex_max) {
  Json json = {{"on", step.connection}};
  std::visit(Writer{.json = json, .hex_max = hex_max}, step.action);
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace framespec
