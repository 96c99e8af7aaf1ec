// to_ndjson: from a replay to the text of its file.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <variant>

#include "framespec/hex.h"
#include "framespec/replay.h"
#include "framespec/step_json.h"

namespace framespec {
namespace {

using Json = nlohmann::ordered_json;

void add_line(std::string& text, const Json& json) {
  text += json.dump(-1, ' ', true, Json::error_handler_t::replace);
  text += '\n';
}

Json origin_json(const ReplayOrigin& origin) {
  Json json = Json::object();
  if (!origin.tool.empty()) json["tool"] = origin.tool;
  if (!origin.testee.empty()) json["testee"] = origin.testee;
  if (origin.seed) json["seed"] = *origin.seed;
  if (!origin.fuzz_input.empty()) json["fuzz_input"] = origin.fuzz_input;
  return json;
}

Json head_json(const Replay& replay) {
  const bool is_first = std::ranges::all_of(replay.steps, is_of_first_format);
  Json json = {{"format", is_first ? kReplayFormat1 : kReplayFormat2}};
  if (!replay.id.empty()) json["id"] = replay.id;
  if (!replay.title.empty()) json["title"] = replay.title;
  if (!replay.rules.empty()) json["rules"] = replay.rules;
  if (replay.dialect) json["dialect"] = Json::parse(to_json(*replay.dialect));
  json["main_stays_open"] = replay.main_stays_open;
  if (Json origin = origin_json(replay.origin); !origin.empty()) json["origin"] = std::move(origin);
  return json;
}

}  // namespace

bool is_of_first_format(const Step& step) {
  const auto* send = std::get_if<step::Send>(&step.action);
  return !std::holds_alternative<step::Await>(step.action) &&
         !std::holds_alternative<step::ExpectExit>(step.action) &&
         !std::holds_alternative<step::ExpectAnswer>(step.action) &&
         (send == nullptr || send->copies.empty());
}

std::string to_ndjson(const Replay& replay) {
  std::string text;
  add_line(text, head_json(replay));
  for (const Step& step : replay.steps) {
    text += to_json(step);
    text += '\n';
  }
  for (const ReplayCame& came : replay.came) {
    add_line(text, {{"on", came.connection},
                    {"came", write_hex(came.bytes)},
                    {"size", came.size},
                    {"end", came.end}});
  }
  if (const auto& failure = replay.failure) {
    add_line(text, {{"failure", failure->kind},
                    {"expected", failure->expected},
                    {"came", failure->came},
                    {"at_sentinel", failure->at_sentinel}});
  }
  return text;
}

}  // namespace framespec
