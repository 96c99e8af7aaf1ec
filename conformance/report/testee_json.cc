#include "report/testee_json.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace framespec::conformance {

nlohmann::ordered_json testee_json(const TesteeChoice& testee) {
  nlohmann::ordered_json json = {{"kind", name_of(testee.kind)}, {"value", testee.value}};
  if (testee.reconnects) json["reconnects"] = true;
  if (!testee.observe.empty()) json["observe"] = testee.observe;
  if (!testee.listen.empty()) json["listen"] = testee.listen;
  if (!testee.answers.empty()) json["answers"] = testee.answers;
  if (testee.conversation) {
    auto& conversation = json["conversation"] = nlohmann::ordered_json::object();
    for (const auto& [name, value] : {std::pair("recording", &testee.conversation->recording),
                                      std::pair("stream", &testee.conversation->stream),
                                      std::pair("capture", &testee.conversation->capture),
                                      std::pair("flow", &testee.conversation->flow)}) {
      if (!value->empty()) conversation[name] = *value;
    }
    if (testee.conversation->is_pipelined) conversation["pipelined"] = true;
    if (!testee.conversation->masks.empty()) conversation["masks"] = testee.conversation->masks;
    if (!testee.conversation->before_each.empty()) {
      conversation["before_each"] = testee.conversation->before_each;
    }
  }
  return json;
}

}  // namespace framespec::conformance
