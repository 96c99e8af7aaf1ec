#include "report/testee_json.h"

#include <nlohmann/json.hpp>

namespace framespec::conformance {

nlohmann::ordered_json testee_json(const TesteeChoice& testee) {
  nlohmann::ordered_json json = {{"kind", name_of(testee.kind)}, {"value", testee.value}};
  if (testee.reconnects) json["reconnects"] = true;
  if (!testee.observe.empty()) json["observe"] = testee.observe;
  if (!testee.listen.empty()) json["listen"] = testee.listen;
  return json;
}

}  // namespace framespec::conformance
