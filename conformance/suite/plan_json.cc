#include "suite/plan_json.h"

#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <variant>
#include <vector>

#include "framespec/step_json.h"
#include "suite/suite.h"

namespace framespec::conformance {
namespace {

using Json = nlohmann::ordered_json;

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
               {"max_payload", plan.dialect->payload_size_max}};
  // ASCII alone: no text of a suite's is a control to a terminal.
  std::string line = json.dump(-1, ' ', true, Json::error_handler_t::replace);
  line.back() = ',';
  line += "\"steps\":[";
  for (const Step& step : plan.steps) {
    if (line.back() != '[') line += ',';
    line += to_json(step, kHexBytesMax);
  }
  line += "],";
  json = {{"main_stays_open", plan.after == After::kMainOpen},
          {"unjudged", unjudged_connections(plan)}};
  return line + json.dump(-1, ' ', true, Json::error_handler_t::replace).substr(1);
}

}  // namespace framespec::conformance
