#include "report/report_json.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

#include "report/causes.h"
#include "report/findings.h"
#include "report/known_json.h"
#include "report/learnt_json.h"
#include "report/repeat_command.h"
#include "report/testee_json.h"
#include "runner/wrong_entries.h"

namespace framespec::conformance {
namespace {

using Json = nlohmann::ordered_json;

Json totals_json(const Totals& totals) {
  Json json = Json::object();
  for (std::size_t index = 0; index < totals.size(); ++index) {
    json[std::string(name_of(static_cast<Verdict>(index)))] = totals[index];
  }
  return json;
}

Json summarised_proof_json(const Proof& proof) {
  Json json = {{"state", name_of(proof.state)},
               {"segments", proof.segments},
               {"segments_proven", proof.segments_proven}};
  if (proof.segments_held_back > 0) json["segments_held_back"] = proof.segments_held_back;
  if (!proof.reason.empty()) json["reason"] = proof.reason;
  return json;
}

Json failure_json(const Failure& failure) {
  return {{"kind", name_of(failure.kind)},
          {"expected", failure.expected},
          {"came", failure.came},
          {"at_sentinel", failure.at_sentinel}};
}

Json minimal_json(const MinimalFailure& minimal) {
  Json json = {{"id", minimal.id},
               {"segmentation", minimal.segmentation},
               {"stream_size", minimal.stream_size},
               {"cuts", minimal.cuts},
               {"runs", minimal.runs},
               {"complete", minimal.is_complete},
               {"proof", summarised_proof_json(minimal.attempt.proof)},
               {"end", name_of(minimal.attempt.end)}};
  if (minimal.attempt.failure) json["failure"] = failure_json(*minimal.attempt.failure);
  return json;
}

Json plan_json(const RunResult& run, const DialectResult& dialect, const PlanResult& plan) {
  Json json = {{"id", plan.id},
               {"control", plan.control_id},
               {"role", name_of(plan.role)},
               {"case", plan.case_key},
               {"segmentation", plan.segmentation},
               {"rules", plan.facts.rules},
               {"level", name_of(plan.facts.level)},
               {"verdict", name_of(plan.judgement.verdict)},
               {"attempts", plan.attempts},
               {"duration_us", plan.duration.count()},
               {"proof", summarised_proof_json(plan.attempt.proof)},
               {"end", name_of(plan.attempt.end)}};
  if (plan.known_line) json["known"] = *plan.known_line;
  if (!plan.judgement.reason.empty()) json["reason"] = plan.judgement.reason;
  if (plan.attempt.failure) {
    json["failure"] = failure_json(*plan.attempt.failure);
    json["command"] = command_to_repeat(run, dialect, plan.id);
  }
  if (!plan.attempt.testee_output.empty()) json["testee_output"] = plan.attempt.testee_output;
  return json;
}

Json finding_json(const RunResult& run, const Finding& finding) {
  const PlanResult& example = *finding.example;
  Json json = {{"case", example.case_key},
               {"title", example.facts.title},
               {"rules", example.facts.rules},
               {"verdict", name_of(finding.verdict())},
               {"unsplit", example.role != Role::kVariant},
               {"example", example.id},
               {"controls", {{"run", finding.controls_run}, {"failed", finding.controls_failed}}},
               {"segmentations",
                {{"run", finding.variants_run},
                 {"failed", finding.variants_failed},
                 {"not_judged", finding.variants_unjudged}}},
               {"in_common", finding.pattern.sentences}};
  if (finding.is_known()) json["known"] = finding.known_lines;
  if (finding.minimal != nullptr) json["minimal"] = minimal_json(*finding.minimal);
  const std::string& id = finding.minimal != nullptr ? finding.minimal->id : example.id;
  if (finding.hint) {
    json["payload_limit"] = {{"seems", name_of(finding.hint->kind)},
                             {"max_payload", run.max_payload},
                             {"largest_answered", finding.dialect->largest_answered},
                             {"hint", finding.hint->sentence}};
  }
  json["command"] = command_to_repeat(run, *finding.dialect, id);
  return json;
}

Json cause_json(const Finding& speaker) {
  const PlanResult& example = *speaker.example;
  Json json = {{"case", example.case_key},     {"unsplit", example.role != Role::kVariant},
               {"rules", example.facts.rules}, {"verdict", name_of(speaker.verdict())},
               {"example", example.id},        {"alike", Json::array()}};
  for (const PlanResult* const other : speaker.alike) json["alike"].push_back(other->case_key);
  return json;
}

Json taker_json(const Taker& taker) {
  Json json = {{"process", nullptr}, {"name", "unknown"}, {"is_testee", nullptr}};
  if (taker.pid != 0) {
    json["process"] = taker.pid;
    json["name"] = taker.name;
  }
  if (taker.is_testee) json["is_testee"] = *taker.is_testee;
  return json;
}

Json nonsense_json(const std::optional<NonsenseAnswer>& answer) {
  if (!answer) return nullptr;
  return {{"dialect", kNonsenseDialect},
          {"answer", name_of(answer->kind)},
          {"reason", answer->reason},
          {"duration_ms", answer->duration.count()}};
}

Json cases_json(const DialectResult& dialect) {
  Json cases = Json::object();
  for (const PlanResult& plan : dialect.plans) {
    if (cases.contains(plan.case_key)) continue;
    cases[plan.case_key] = {{"title", plan.facts.title},
                            {"why", plan.facts.why},
                            {"remedy", plan.facts.remedy},
                            {"rules", plan.facts.rules},
                            {"level", name_of(plan.facts.level)}};
    if (plan.facts.since) cases[plan.case_key]["since"] = to_string(*plan.facts.since);
  }
  return cases;
}

std::int64_t milliseconds_of(std::chrono::microseconds time) {
  return std::chrono::round<std::chrono::milliseconds>(time).count();
}

Json spent_json(const DialectResult& dialect) {
  Json json = Json::object();
  for (std::size_t index = 0; index < kActivities; ++index) {
    json[std::string(name_of(static_cast<Activity>(index)))] =
        milliseconds_of(dialect.spent[index]);
  }
  return json;
}

Json deaths_json(const std::vector<Death>& deaths) {
  Json json = {{"times", deaths.size()}, {"in_common", in_common(deaths)}, {"each", Json::array()}};
  for (const Death& death : deaths) {
    json["each"].push_back({{"how", to_string(death.end)},
                            {"plan", death.plan_id},
                            {"connections", death.connections}});
  }
  return json;
}

Json dialect_json(const RunResult& run, const DialectResult& dialect,
                  const std::vector<Finding>& findings, const std::vector<Finding>& causes) {
  Json json = {{"name", dialect.name},
               {"option", dialect.option},
               {"duration_ms", milliseconds_of(dialect.duration())},
               {"spent_ms", spent_json(dialect)},
               {"testee_starts", dialect.testee_starts},
               {"testee_restarts",
                {{"for_memory", dialect.restarts.for_memory},
                 {"after_death", dialect.restarts.after_death},
                 {"after_silence", dialect.restarts.after_silence},
                 {"after_work", dialect.restarts.after_work},
                 {"after_change", dialect.restarts.after_change},
                 {"after_flight", dialect.restarts.after_flight}}},
               {"deaths", deaths_json(dialect.deaths)},
               {"totals", totals_json(dialect.totals())},
               {"taken_by", Json::array()},
               {"problem", nullptr},
               {"findings", Json::array()},
               {"causes", Json::array()},
               {"cases", cases_json(dialect)},
               {"not_applicable", Json::array()},
               {"plans", Json::array()}};
  if (dialect.problem) {
    json["problem"] = {{"kind", name_of(dialect.problem->kind)},
                       {"reason", dialect.problem->reason},
                       {"output", dialect.problem->output}};
  }
  if (dialect.learnt) {
    json["unsplit_answers"] = learnt_json(*dialect.learnt);
    json["closes_behind_them"] = dialect.learnt->is_closed;
  }
  for (const Taker& taker : dialect.takers) json["taken_by"].push_back(taker_json(taker));
  for (const Finding& finding : findings) {
    if (finding.dialect == &dialect) json["findings"].push_back(finding_json(run, finding));
  }
  for (const Finding& speaker : causes) {
    if (speaker.dialect == &dialect) json["causes"].push_back(cause_json(speaker));
  }
  for (const NotApplicable& left_out : dialect.not_applicable) {
    json["not_applicable"].push_back(
        {{"id", left_out.id}, {"reason", left_out.reason}, {"lost", left_out.is_lost}});
  }
  if (!dialect.cuts_left_out.empty()) json["cuts_left_out"] = cuts_json(dialect.cuts_left_out);
  for (const PlanResult& plan : dialect.plans) {
    json["plans"].push_back(plan_json(run, dialect, plan));
  }
  return json;
}

Json known_failing_json(const RunResult& run) {
  if (!run.known) return nullptr;
  Json json = known_json(*run.known);
  json["wrong"] = Json::array();
  for (const WrongEntry& wrong : wrong_entries(run)) {
    json["wrong"].push_back({{"line", wrong.line}, {"sentence", wrong.sentence}});
  }
  return json;
}

Json platform_json(const Platform& platform) {
  return {{"system", platform.system},
          {"release", platform.release},
          {"machine", platform.machine},
          {"processors", platform.processors}};
}

}  // namespace

std::string report_json(const RunResult& run) {
  const ExitJudgement judgement = judge_run(run);
  const std::vector<Finding> findings = findings_of(run);
  const std::vector<Finding> causes = findings_by_cause(run);
  Json json = {
      {"format", kReportFormat},
      {"tool", {{"name", "framespec"}, {"version", run.version}}},
      {"suites", {{"source", run.suites}, {"hash", run.suites_hash}}},
      {"testee", testee_json(run.testee)},
      {"platform", platform_json(run.platform)},
      {"started", run.started},
      {"ended", run.has_ended},
      {"duration_ms", run.duration.count()},
      {"seed", run.seed},
      {"max_payload", run.max_payload},
      {"frame_timeout_ms", run.frame_timeout ? Json(run.frame_timeout->count()) : Json(nullptr)},
      {"interrupted", run.was_interrupted},
      {"run_limit_ms", run.ended_by_limit ? Json(run.ended_by_limit->count()) : Json(nullptr)},
      {"pace_us", run.pace ? Json(run.pace->count()) : Json(nullptr)},
      {"accept", run.accepts_paced ? Json::array({"paced"}) : Json::array()},
      {"rerun", run.rerun_of.empty() ? Json(nullptr) : Json(run.rerun_of)},
      {"shard", run.shard ? Json(to_string(*run.shard)) : Json(nullptr)},
      {"known_failing", known_failing_json(run)},
      {"nonsense_dialect", nonsense_json(run.nonsense)},
      {"exit", {{"code", judgement.code}, {"reason", judgement.reason}}},
      {"totals", totals_json(run.totals())},
      {"dialects", Json::array()}};
  for (const Shard& shard : run.missing_shards) {
    json["missing_shards"].push_back(to_string(shard));
  }
  for (const DialectResult& dialect : run.dialects) {
    json["dialects"].push_back(dialect_json(run, dialect, findings, causes));
  }
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace framespec::conformance
