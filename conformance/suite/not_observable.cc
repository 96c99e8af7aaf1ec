#include "suite/not_observable.h"

#include <nlohmann/json.hpp>
#include <vector>

#include "suite/embedded.h"

namespace framespec::conformance {

std::span<const NotObservable> not_observable_rules() {
  static const std::vector<NotObservable> rules = [] {
    std::vector<NotObservable> read;
    const auto file = nlohmann::ordered_json::parse(embedded_not_observable());
    for (const auto& [side, reasons] : file.items()) {
      for (const auto& [rule, reason] : reasons.items()) {
        read.push_back({.rule = rule,
                        .side = side == "client" ? std::optional(Side::kClient) : std::nullopt,
                        .reason = reason.get<std::string>()});
      }
    }
    return read;
  }();
  return rules;
}

}  // namespace framespec::conformance
