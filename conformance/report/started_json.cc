#include "report/started_json.h"

#include <nlohmann/json.hpp>

#include "report/event_json.h"
#include "report/known_json.h"
#include "report/testee_json.h"

namespace framespec::conformance {
namespace {

using Json = nlohmann::ordered_json;

template <typename Duration>
Json option_or_null(const std::optional<Duration>& time) {
  return time ? Json(time->count()) : Json(nullptr);
}

Json chosen_json(const std::vector<event::DialectChosen>& dialects) {
  Json json = Json::array();
  for (const event::DialectChosen& chosen : dialects) {
    json.push_back({{"option", chosen.option}, {"dialect", Json::parse(to_json(chosen.dialect))}});
  }
  return json;
}

}  // namespace

void put_started(nlohmann::ordered_json& json, const event::Started& started) {
  json["event"] = "started";
  json["format"] = kEventFormat;
  json["tool"] = {{"name", "framespec"}, {"version", started.version}};
  json["program"] = started.program;
  json["started"] = started.started;
  json["platform"] = {{"system", started.platform.system},
                      {"release", started.platform.release},
                      {"machine", started.platform.machine},
                      {"host", started.platform.host},
                      {"processors", started.platform.processors}};
  json["testee"] = testee_json(started.testee);
  json["suites"] = {{"source", started.suites}, {"hash", started.suites_hash}};
  json["proof"] = started.pace ? "paced" : "kernel";
  json["options"] = {{"dialects", chosen_json(started.dialects)},
                     {"seed", started.seed},
                     {"max_payload", started.max_payload},
                     {"frame_timeout_ms", option_or_null(started.frame_timeout)},
                     {"time_limit_ms", started.time_limit.count()},
                     {"start_limit_ms", started.start_limit.count()},
                     {"run_limit_ms", option_or_null(started.run_limit)},
                     {"thorough", started.is_thorough},
                     {"jobs", started.jobs},
                     {"level", name_of(started.level)},
                     {"filters", started.filters},
                     {"excludes", started.excludes},
                     {"pace_us", option_or_null(started.pace)},
                     {"accept", started.accepts_paced ? Json::array({"paced"}) : Json::array()}};
  if (started.shard) json["options"]["shard"] = to_string(*started.shard);
  if (!started.rerun_of.empty()) json["options"]["rerun"] = started.rerun_of;
  if (started.newest_cases) json["options"]["cases"] = to_string(*started.newest_cases);
  if (started.known) json["known_failing"] = known_json(*started.known);
}

}  // namespace framespec::conformance
