#include "outputs/sarif_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string_view>
#include <vector>

#include "framespec/printable.h"
#include "report/finding_text.h"
#include "report/findings.h"
#include "report/repeat_command.h"
#include "suite/spec_rules.h"

namespace framespec::conformance {
namespace {

using Json = nlohmann::ordered_json;

std::string_view level_of(Verdict verdict) {
  return verdict == Verdict::kFail ? "error" : verdict == Verdict::kNonstrict ? "warning" : "note";
}

std::string rules_text(const CaseFacts& facts, std::string_view before_each) {
  std::string text;
  for (const std::string& id : facts.rules) {
    const SpecRule* const rule = find_spec_rule(id);
    text += fmt::format("{}{}: {}\n", before_each, id,
                        rule == nullptr ? std::string("a rule of another version") : rule->text);
  }
  return text;
}

Json rule_json(const PlanResult& example) {
  const CaseFacts& facts = example.facts;
  const std::string title = printable(facts.title);
  const std::string cause = printable(usual_cause(facts));
  return {{"id", example.case_key},
          {"shortDescription", {{"text", title}}},
          {"fullDescription", {{"text", title}}},
          {"help",
           {{"text", fmt::format("{}\nUsually: {}\n{}", title, cause, rules_text(facts, ""))},
            {"markdown",
             fmt::format("{}\n\n**Usually:** {}\n\n{}", title, cause, rules_text(facts, "- "))}}},
          {"defaultConfiguration",
           {{"level", facts.level == Level::kMust     ? "error"
                      : facts.level == Level::kShould ? "warning"
                                                      : "note"}}},
          {"properties", {{"tags", facts.rules}}}};
}

/// Of a relative address (RFC 3986) only what needs no escape stays.
std::string uri_of(std::string_view path) {
  std::string uri;
  for (const char letter : path) {
    const auto byte = static_cast<unsigned char>(letter);
    if (std::isalnum(byte) != 0 || std::string_view("-._~/").contains(letter)) {
      uri += letter;
    } else {
      uri += fmt::format("%{:02X}", byte);
    }
  }
  return uri;
}

/// "server.py", but not "python3", "--port=1" or "127.0.0.1".
bool looks_like_file(std::string_view word) {
  if (word.starts_with('-') || word.find_first_of("={}$") != std::string_view::npos) return false;
  const std::string_view name = word.substr(word.rfind('/') + 1);
  const std::size_t dot = name.rfind('.');
  return dot != std::string_view::npos && dot > 0 && dot + 1 < name.size() &&
         std::isalpha(static_cast<unsigned char>(name[dot + 1])) != 0;
}

/// Code scanning wants a file to show a finding at, and a test from outside knows none: the first
/// word of the command that looks like the name of one, else its first word.
std::string file_of(const TesteeChoice& testee) {
  if (testee.kind == TesteeKind::kServer || testee.kind == TesteeKind::kClientThatComes) {
    return "testee";
  }
  std::istringstream text(testee.value);
  std::vector<std::string> words;
  for (std::string word; text >> word;) {
    std::erase_if(word, [](char letter) { return letter == '\'' || letter == '"'; });
    if (!word.empty()) words.push_back(std::move(word));
  }
  if (words.empty()) return "testee";
  const auto found = std::ranges::find_if(words, looks_like_file);
  std::string file = found == words.end() ? words.front() : *found;
  if (file.starts_with("./")) file.erase(0, 2);
  // A file of a repository has a relative address.
  file.erase(0, file.find_first_not_of('/'));
  return file.empty() ? "testee" : file;
}

std::string result_text(const RunResult& run, const Finding& finding) {
  const Attempt& attempt = attempt_of(finding);
  std::string text = fmt::format("{} {} ({}).", printable(finding.example->facts.title),
                                 how_many(finding), finding.dialect->name);
  if (attempt.failure) text += fmt::format(" {}.", printable(to_string(*attempt.failure)));
  for (const std::string& sentence : finding.pattern.sentences)
    text += fmt::format(" {}.", sentence);
  return text + fmt::format("\nAgain: {}",
                            printable(command_to_repeat(run, *finding.dialect, id_of(finding))));
}

Json result_json(const RunResult& run, const Finding& finding, std::size_t rule_index) {
  const PlanResult& example = *finding.example;
  Json json = {
      {"ruleId", example.case_key},
      {"ruleIndex", rule_index},
      {"level", level_of(finding.verdict())},
      {"message", {{"text", result_text(run, finding)}}},
      {"locations",
       Json::array({{{"physicalLocation",
                      {{"artifactLocation", {{"uri", uri_of(file_of(run.testee))}}},
                       {"region", {{"startLine", 1}}}}},
                     {"logicalLocations", Json::array({{{"fullyQualifiedName", id_of(finding)},
                                                        {"kind", "check"}}})}}})},
      // The same finding in the next run, whichever of its segmentations shows it then.
      {"partialFingerprints",
       {{"case/v1", fmt::format("{} {} {}{}", finding.dialect->name, example.case_key,
                                finding.is_split() ? "split" : "unsplit",
                                finding.is_known() ? " known" : "")}}}};
  if (finding.is_known()) {
    json["suppressions"] = Json::array();
    for (const std::uint64_t line : finding.known_lines) {
      const KnownFailure* const entry = run.known->at_line(line);
      json["suppressions"].push_back(
          {{"kind", "external"}, {"justification", entry == nullptr ? "" : entry->reason}});
    }
  }
  return json;
}

Json invocation_json(const RunResult& run) {
  const ExitJudgement judgement = judge_run(run);
  Json json = {{"executionSuccessful", judgement.code < 2},
               {"exitCode", judgement.code},
               {"startTimeUtc", run.started}};
  if (!judgement.reason.empty()) {
    json["exitCodeDescription"] = judgement.reason;
    json["toolExecutionNotifications"] =
        Json::array({{{"level", judgement.code == 0 ? "note" : "error"},
                      {"message", {{"text", printable(judgement.reason)}}}}});
  }
  return json;
}

}  // namespace

std::string sarif_json(const RunResult& run) {
  Json rules = Json::array();
  Json results = Json::array();
  std::map<std::string, std::size_t> indices;
  const std::vector<Finding> findings = findings_of(run);
  for (const Finding& finding : findings) {
    const auto [rule, is_new] = indices.try_emplace(finding.example->case_key, indices.size());
    if (is_new) rules.push_back(rule_json(*finding.example));
    results.push_back(result_json(run, finding, rule->second));
  }
  const Json json = {{"$schema",
                      "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
                      "sarif-schema-2.1.0.json"},
                     {"version", "2.1.0"},
                     {"runs", Json::array({{{"tool",
                                             {{"driver",
                                               {{"name", "framespec"},
                                                {"semanticVersion", run.version},
                                                {"rules", std::move(rules)}}}}},
                                            {"invocations", Json::array({invocation_json(run)})},
                                            {"columnKind", "utf16CodeUnits"},
                                            {"results", std::move(results)}}})}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace framespec::conformance
