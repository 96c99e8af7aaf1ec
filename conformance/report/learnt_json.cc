#include "report/learnt_json.h"

#include <nlohmann/json.hpp>

namespace framespec::conformance {

nlohmann::ordered_json learnt_json(const AnswersLearnt& learnt) {
  auto json = nlohmann::ordered_json::array();
  for (const AnswersLearnt::Answer& answer : learnt.answers) {
    json.push_back({{"size", answer.size}, {"varies", nlohmann::ordered_json::array()}});
    for (const step::Stretch& stretch : answer.varies) {
      json.back()["varies"].push_back({{"from", stretch.from}, {"to", stretch.to}});
    }
  }
  return json;
}

}  // namespace framespec::conformance
