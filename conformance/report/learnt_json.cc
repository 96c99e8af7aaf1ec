#include "report/learnt_json.h"

#include <nlohmann/json.hpp>

namespace framespec::conformance {
namespace {

nlohmann::ordered_json stretches_json(const std::vector<step::Stretch>& stretches) {
  auto json = nlohmann::ordered_json::array();
  for (const step::Stretch& stretch : stretches) {
    json.push_back({{"from", stretch.from}, {"to", stretch.to}});
  }
  return json;
}

}  // namespace

nlohmann::ordered_json learnt_json(const AnswersLearnt& learnt) {
  auto json = nlohmann::ordered_json::array();
  for (const AnswersLearnt::Answer& answer : learnt.answers) {
    json.push_back({{"size", answer.size}, {"varies", stretches_json(answer.varies)}});
    if (!answer.masked.empty()) json.back()["masked"] = stretches_json(answer.masked);
  }
  return json;
}

nlohmann::ordered_json cuts_json(const std::vector<CutsLeftOut>& cuts) {
  auto json = nlohmann::ordered_json::array();
  for (const CutsLeftOut& each : cuts) {
    json.push_back({{"name", each.name}, {"left_out", each.left_out}, {"of", each.of}});
  }
  return json;
}

}  // namespace framespec::conformance
