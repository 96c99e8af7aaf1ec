// cases_of, judge_matrix and matrix_json: the results of many runs as one.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string_view>

#include "report/matrix_result.h"
#include "report/testee_json.h"

namespace framespec::conformance {
namespace {

using Json = nlohmann::ordered_json;

Json counts_json(const Totals& totals) {
  Json json = Json::object();
  for (std::size_t index = 0; index < totals.size(); ++index) {
    if (totals[index] > 0) {
      json[std::string(name_of(static_cast<Verdict>(index)))] = totals[index];
    }
  }
  return json;
}

std::uint64_t known_in(const DialectResult& dialect) {
  return static_cast<std::uint64_t>(std::ranges::count_if(
      dialect.plans, [](const PlanResult& plan) { return plan.known_line.has_value(); }));
}

Json testee_row_json(const MatrixRun& each) {
  Json json = {{"name", each.testee.name},
               {"implementation", each.testee.implementation},
               {"exit", nullptr},
               {"dialects", Json::array()}};
  if (!each.run) return json;
  const RunResult& run = *each.run;
  const ExitJudgement exit = judge_run(run);
  json["exit"] = {{"code", exit.code}, {"reason", exit.reason}};
  json["testee"] = testee_json(run.testee);
  json["suites_hash"] = run.suites_hash;
  json["duration_ms"] = run.duration.count();
  for (const DialectResult& dialect : run.dialects) {
    json["dialects"].push_back(
        {{"name", dialect.name},
         {"totals", counts_json(dialect.totals())},
         {"known", known_in(dialect)},
         {"duration_ms", dialect.duration().count() / 1000},
         {"problem", dialect.problem ? Json(dialect.problem->reason) : Json(nullptr)}});
  }
  return json;
}

Json cell_json(const CaseCell& cell) {
  Json json = {{"testee", cell.run->testee.name},
               {"dialect", cell.dialect->name},
               {"outcome", cell.outcome()},
               {"checks", counts_json(cell.totals)},
               {"deviations", Json::array()}};
  for (const PlanResult* plan : cell.deviations) {
    Json& deviation =
        json["deviations"].emplace_back(Json{{"id", plan->id},
                                             {"segmentation", plan->segmentation},
                                             {"verdict", name_of(plan->judgement.verdict)},
                                             {"failure", name_of(plan->attempt.failure->kind)}});
    if (plan->known_line) deviation["known"] = *plan->known_line;
  }
  return json;
}

}  // namespace

std::string_view CaseCell::outcome() const noexcept {
  bool is_any_new = false;
  for (const PlanResult* plan : deviations) {
    if (plan->known_line) continue;
    if (plan->judgement.verdict == Verdict::kFail) return "fail";
    is_any_new = true;
  }
  if (is_any_new) return "nonstrict";
  if (!deviations.empty()) return "known";
  return totals[static_cast<std::size_t>(Verdict::kPass)] > 0 ? "pass" : "not_judged";
}

std::vector<CaseRow> cases_of(const MatrixResult& result) {
  std::vector<CaseRow> rows;
  std::map<std::string, std::size_t> places;
  for (const MatrixRun& each : result.runs) {
    if (!each.run) continue;
    for (const DialectResult& dialect : each.run->dialects) {
      for (const PlanResult& plan : dialect.plans) {
        const auto [place, is_new] = places.try_emplace(plan.case_key, rows.size());
        if (is_new) rows.push_back({.key = plan.case_key, .facts = &plan.facts, .cells = {}});
        std::vector<CaseCell>& cells = rows[place->second].cells;
        if (cells.empty() || cells.back().dialect != &dialect) {
          cells.push_back({.run = &each, .dialect = &dialect, .deviations = {}});
        }
        CaseCell& cell = cells.back();
        ++cell.totals[static_cast<std::size_t>(plan.judgement.verdict)];
        if (is_deviation(plan.judgement.verdict)) cell.deviations.push_back(&plan);
      }
    }
  }
  return rows;
}

ExitJudgement judge_matrix(const MatrixResult& result) {
  for (const int code : {1, 3}) {
    std::vector<std::string_view> names;
    for (const MatrixRun& each : result.runs) {
      const int own = each.run ? judge_run(*each.run).code : 3;
      if (own == code) names.push_back(each.testee.name);
    }
    if (names.empty()) continue;
    return {code,
            fmt::format("{} {}", code == 1 ? "something was found in" : "not all was judged of",
                        fmt::join(names, ", "))};
  }
  return {};
}

std::string matrix_json(const MatrixResult& result) {
  const ExitJudgement exit = judge_matrix(result);
  Json json = {{"format", kMatrixResultFormat},
               {"tool", {{"name", "framespec"}, {"version", result.version}}},
               {"platform",
                {{"system", result.platform.system},
                 {"release", result.platform.release},
                 {"machine", result.platform.machine},
                 {"processors", result.platform.processors}}},
               {"started", result.started},
               {"exit", {{"code", exit.code}, {"reason", exit.reason}}},
               {"testees", Json::array()},
               {"cases", Json::array()}};
  for (const MatrixRun& each : result.runs) json["testees"].push_back(testee_row_json(each));
  for (const CaseRow& row : cases_of(result)) {
    Json& of_case = json["cases"].emplace_back(Json{{"case", row.key},
                                                    {"area", row.facts->area},
                                                    {"title", row.facts->title},
                                                    {"rules", row.facts->rules},
                                                    {"level", name_of(row.facts->level)},
                                                    {"results", Json::array()}});
    for (const CaseCell& cell : row.cells) of_case["results"].push_back(cell_json(cell));
  }
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace framespec::conformance
