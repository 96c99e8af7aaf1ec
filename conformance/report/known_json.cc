#include "report/known_json.h"

#include <limits>
#include <string>

namespace framespec::conformance {

using Json = nlohmann::ordered_json;

Json known_json(const KnownFailure& entry) {
  Json json = {{"cases", entry.cases}, {"failure", name_of(entry.failure)}};
  if (entry.known_class != KnownClass::kUnsaid) json["class"] = name_of(entry.known_class);
  json["reason"] = entry.reason;
  if (!entry.link.empty()) json["link"] = entry.link;
  return json;
}

Json known_json(const KnownFailures& known) {
  Json json = {{"file", known.file}, {"entries", Json::array()}};
  for (const KnownFailure& entry : known.entries) {
    Json& line = json["entries"].emplace_back(Json::object());
    line["line"] = entry.line;
    line.update(known_json(entry));
  }
  return json;
}

KnownFailure read_known_failure(const JsonFields& json, std::uint64_t line) {
  KnownFailure entry{.line = line,
                     .cases = json.plain_text("cases"),
                     .failure = json.choice<FailureKind>("failure", kFailureKinds),
                     .reason = json.plain_text("reason")};
  if (entry.cases.empty()) json.reject("cases", "a glob over ids of checks");
  if (json.has("class")) {
    entry.known_class = json.choice<KnownClass>("class", kKnownClasses);
    if (entry.known_class == KnownClass::kUnsaid) json.reject("class", "defect, choice or scope");
  }
  if (entry.reason.find_first_not_of(' ') == std::string::npos) {
    json.reject("reason", "a sentence that says why the failure is known");
  }
  if (json.has("link")) entry.link = json.plain_text("link");
  return entry;
}

KnownFailures read_known_failures(const JsonFields& json) {
  KnownFailures known{.file = json.plain_text("file"), .entries = {}};
  for (const JsonFields& entry : json.objects("entries")) {
    known.entries.push_back(
        read_known_failure(entry, entry.count("line", std::numeric_limits<std::uint32_t>::max())));
  }
  return known;
}

}  // namespace framespec::conformance
