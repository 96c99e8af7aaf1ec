#include "outputs/html_data.h"

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "framespec/printable.h"
#include "launch/command_template.h"
#include "outputs/html_evidence.h"
#include "report/causes.h"
#include "report/finding_text.h"
#include "report/repeat_command.h"
#include "suite/spec_rules.h"

namespace framespec::conformance {
namespace {

using Json = nlohmann::ordered_json;

/// Each text once; whoever means one says its number.
class Table {
 public:
  /// The number, and whether it is a new one.
  std::pair<std::size_t, bool> add(const std::string& text) {
    const auto [place, is_new] = numbers_.try_emplace(text, numbers_.size());
    return {place->second, is_new};
  }

 private:
  std::unordered_map<std::string, std::size_t> numbers_;
};

char letter_of(Verdict verdict) {
  constexpr std::string_view kLetters = "pfsiuqex";
  static_assert(kLetters.size() == kVerdicts);
  return kLetters[static_cast<std::size_t>(verdict)];
}
char letter_of(Role role) { return std::string_view("acvz")[static_cast<std::size_t>(role)]; }
char letter_of(ProofState state) {
  return std::string_view("nypu")[static_cast<std::size_t>(state)];
}
char letter_of(ConnectionEnd end) {
  return std::string_view("nofruh")[static_cast<std::size_t>(end)];
}

Json case_json(const std::string& key, const CaseFacts& facts) {
  Json json = {{"key", key},
               {"area", facts.area},
               {"title", printable(facts.title)},
               {"why", printable(usual_cause(facts))},
               {"rules", facts.rules},
               {"level", name_of(facts.level)}};
  if (facts.since) json["since"] = to_string(*facts.since);
  return json;
}

class Data {
 public:
  explicit Data(const std::vector<HtmlSubject>& subjects) {
    for (const HtmlSubject& subject : subjects) {
      for (const DialectResult& dialect : subject.run->dialects) add_column(subject, dialect);
    }
  }

  [[nodiscard]] std::string text() && {
    const Json json = {
        {"rules", std::move(rules_json_)},      {"words", std::move(words_json_)},
        {"cases", std::move(cases_json_)},      {"ids", std::move(ids_json_)},
        {"case_of", std::move(case_of_)},       {"segmentation_of", std::move(cut_of_)},
        {"control_of", std::move(control_of_)}, {"columns", std::move(columns_)}};
    return json.dump(-1, ' ', true, Json::error_handler_t::replace);
  }

 private:
  std::size_t word(const std::string& text) {
    const auto [number, is_new] = words_.add(text);
    if (is_new) words_json_.push_back(printable(text));
    return number;
  }

  std::size_t case_number(const PlanResult& plan) {
    const auto [number, is_new] = cases_.add(plan.case_key);
    if (!is_new) return number;
    cases_json_.push_back(case_json(plan.case_key, plan.facts));
    for (const std::string& id : plan.facts.rules) {
      const SpecRule* const rule = find_spec_rule(id);
      if (rule == nullptr || rules_json_.contains(id)) continue;
      rules_json_[id] = {{"level", name_of(rule->level)}, {"text", printable(rule->text)}};
    }
    return number;
  }

  std::size_t id_number(const std::string& id) {
    const auto [number, is_new] = ids_.add(id);
    if (is_new) {
      ids_json_.push_back(printable(id));
      case_of_.push_back(nullptr);
      cut_of_.push_back(nullptr);
      control_of_.push_back(nullptr);
    }
    return number;
  }

  std::size_t check_number(const PlanResult& plan) {
    const std::size_t number = id_number(plan.id);
    if (case_of_[number].is_null()) {
      case_of_[number] = case_number(plan);
      cut_of_[number] = word(plan.segmentation);
      const std::size_t control = id_number(plan.control_id);
      control_of_[number] = control;
    }
    return number;
  }

  void add_column(const HtmlSubject& subject, const DialectResult& dialect);
  [[nodiscard]] Json findings_json(const RunResult& run, const DialectResult& dialect);
  void put_details(Json& column, const RunResult& run, const DialectResult& dialect);

  Table words_;
  Table cases_;
  Table ids_;
  Json rules_json_ = Json::object();
  Json words_json_ = Json::array();
  Json cases_json_ = Json::array();
  Json ids_json_ = Json::array();
  Json case_of_ = Json::array();
  Json cut_of_ = Json::array();
  Json control_of_ = Json::array();
  Json columns_ = Json::array();
  std::size_t evidence_left_ = kHtmlEvidenceMax;
};

/// How checks have changed against the earlier run, by number.
Json changes_json(const HtmlSubject& subject, const DialectResult& dialect) {
  Json json = Json::object();
  if (subject.changes == nullptr) return json;
  const auto put = [&](const std::vector<CaseChange>& changes, const char* letter) {
    for (const CaseChange& change : changes) {
      if (change.dialect != dialect.name) continue;
      for (const PlanResult* const plan : change.checks) {
        json[std::to_string(plan - dialect.plans.data())] = letter;
      }
    }
  };
  put(subject.changes->newly_failing, "f");
  put(subject.changes->newly_passing, "p");
  put(subject.changes->new_cases, "n");
  return json;
}

/// The command that shows a check again, without the id at its end.
std::string repeat_prefix(const RunResult& run, const DialectResult& dialect) {
  const std::string id = "any";
  std::string command = command_to_repeat(run, dialect, id);
  command.resize(command.size() - shell_word(id).size());
  return command;
}

void Data::add_column(const HtmlSubject& subject, const DialectResult& dialect) {
  std::string verdicts;
  std::string roles;
  std::string proofs;
  std::string ends;
  Json column = {{"name", printable(subject.name)},
                 {"implementation", printable(subject.implementation)},
                 {"dialect", dialect.name},
                 {"again", repeat_prefix(*subject.run, dialect)},
                 {"check", Json::array()},
                 {"segments", Json::array()},
                 {"us", Json::array()},
                 {"proven", Json::object()},
                 {"attempts", Json::object()},
                 {"known", Json::object()},
                 {"reason", Json::object()},
                 {"changed", changes_json(subject, dialect)}};
  for (std::size_t index = 0; index < dialect.plans.size(); ++index) {
    const PlanResult& plan = dialect.plans[index];
    const Proof& proof = plan.attempt.proof;
    const std::string key = std::to_string(index);
    column["check"].push_back(check_number(plan));
    column["segments"].push_back(proof.segments);
    column["us"].push_back(plan.duration.count());
    verdicts += letter_of(plan.judgement.verdict);
    roles += letter_of(plan.role);
    proofs += letter_of(proof.state);
    ends += letter_of(plan.attempt.end);
    if (proof.segments_proven != proof.segments) column["proven"][key] = proof.segments_proven;
    if (plan.attempts != 1) column["attempts"][key] = plan.attempts;
    if (plan.known_line) {
      column["known"][key] = word(subject.run->known->at_line(*plan.known_line)->reason);
    }
    if (!plan.judgement.reason.empty() && !is_deviation(plan.judgement.verdict)) {
      column["reason"][key] = word(plan.judgement.reason);
    }
  }
  column["verdict"] = std::move(verdicts);
  column["role"] = std::move(roles);
  column["proof"] = std::move(proofs);
  column["end"] = std::move(ends);
  column["findings"] = findings_json(*subject.run, dialect);
  put_details(column, *subject.run, dialect);
  columns_.push_back(std::move(column));
}

Json Data::findings_json(const RunResult& run, const DialectResult& dialect) {
  Json json = Json::array();
  for (const Finding& finding : findings_of(run)) {
    if (finding.dialect != &dialect) continue;
    Json one = {{"check", finding.example - dialect.plans.data()},
                {"how_many", how_many(finding)},
                {"in_common", finding.pattern.sentences},
                {"others", finding.other_ways}};
    if (finding.hint) one["hint"] = finding.hint->sentence;
    json.push_back(std::move(one));
  }
  return json;
}

void Data::put_details(Json& column, const RunResult& run, const DialectResult& dialect) {
  const auto detail_of = [&](const ShownAttempt& shown) {
    Json detail = evidence_json(run, dialect, shown);
    const std::size_t size = detail.dump().size();
    if (size > evidence_left_) {
      for (const char* const part : {"replay", "parts", "back"}) detail.erase(part);
      detail["left_out"] = true;
    } else {
      evidence_left_ -= size;
    }
    return detail;
  };
  const auto of_plan = [&](const PlanResult& plan) {
    return detail_of({plan.id, plan.facts, plan.attempt, plan.evidence});
  };
  Json minimal = Json::object();
  for (const auto& [control, found] : dialect.minimal) {
    const auto number = std::to_string(id_number(control));
    const auto& facts = std::ranges::find(dialect.plans, control, &PlanResult::id)->facts;
    minimal[number] = {{"id", found.id},
                       {"segmentation", found.segmentation},
                       {"segments", found.attempt.proof.segments},
                       {"proven", found.attempt.proof.segments_proven},
                       {"proof", std::string(1, letter_of(found.attempt.proof.state))},
                       {"runs", found.runs},
                       {"complete", found.is_complete},
                       {"detail", detail_of({found.id, facts, found.attempt, found.evidence})}};
  }
  column["minimal"] = std::move(minimal);
  std::map<std::size_t, Json> details;
  for (const Json& finding : column["findings"]) {
    const std::size_t index = finding["check"];
    details.try_emplace(index, of_plan(dialect.plans[index]));
  }
  for (std::size_t index = 0; index < dialect.plans.size(); ++index) {
    const PlanResult& plan = dialect.plans[index];
    if (!is_deviation(plan.judgement.verdict) || details.contains(index)) continue;
    details.emplace(index, of_plan(plan));
  }
  column["detail"] = Json::object();
  for (auto& [index, detail] : details) {
    column["detail"][std::to_string(index)] = std::move(detail);
  }
}

}  // namespace

std::string html_data(const std::vector<HtmlSubject>& subjects) { return Data(subjects).text(); }

}  // namespace framespec::conformance
