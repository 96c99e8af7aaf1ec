#include "report/saved_comparison.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "report/comparison_words.h"

namespace framespec::bench {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFormat = "framespec-comparison/1";

struct CountName {
  const char* name;
  double Instructions::* count;
};

constexpr CountName kCounts[] = {{.name = "instructions", .count = &Instructions::instructions},
                                 {.name = "branches", .count = &Instructions::branches},
                                 {.name = "mispredicted", .count = &Instructions::mispredicted},
                                 {.name = "first_misses", .count = &Instructions::first_misses},
                                 {.name = "last_misses", .count = &Instructions::last_misses},
                                 {.name = "system_calls", .count = &Instructions::system_calls}};

Json json_of(const Instructions& instructions) {
  Json json;
  for (const auto& [name, count] : kCounts) json[name] = instructions.*count;
  return json;
}

Json json_of(const InstructionResult& result) {
  if (result.not_covered) return {{"not_covered", *result.not_covered}};
  return {{"verdict", name_of(result.verdict)},
          {"change", result.change},
          {"a", json_of(result.a)},
          {"b", json_of(result.b)}};
}

Json json_of(const TimeResult& result) {
  Json json = {{"verdict", name_of(result.verdict)},
               {"change", result.change},
               {"interval", {result.interval.low, result.interval.high}},
               {"a_against_itself", result.copy_change},
               // JSON has no infinity.
               {"could_have_seen", std::isfinite(result.visible) ? Json(result.visible) : Json()},
               {"rounds", result.rounds},
               {"is_confirmation", result.is_confirmation}};
  if (!result.why.empty()) json["why"] = result.why;
  return json;
}

Verdict verdict_of(const Json& json) {
  const auto verdict = verdict_named(json.get<std::string>());
  if (!verdict) throw Json::other_error::create(500, "no verdict: " + json.dump(), nullptr);
  return *verdict;
}

Instructions instructions_of(const Json& json) {
  Instructions instructions;
  for (const auto& [name, count] : kCounts) instructions.*count = json.at(name).get<double>();
  return instructions;
}

InstructionResult instruction_result_of(const Json& json) {
  if (json.contains("not_covered")) return {.not_covered = json.at("not_covered")};
  return {.verdict = verdict_of(json.at("verdict")),
          .change = json.at("change"),
          .a = instructions_of(json.at("a")),
          .b = instructions_of(json.at("b"))};
}

TimeResult time_result_of(const Json& json) {
  const Json& visible = json.at("could_have_seen");
  return {.verdict = verdict_of(json.at("verdict")),
          .change = json.at("change"),
          .interval = {.low = json.at("interval").at(0), .high = json.at("interval").at(1)},
          .copy_change = json.at("a_against_itself"),
          .visible =
              visible.is_null() ? std::numeric_limits<double>::infinity() : visible.get<double>(),
          .rounds = json.at("rounds"),
          .is_confirmation = json.at("is_confirmation"),
          .why = json.value("why", std::string())};
}

SavedComparison saved_of(const Json& json) {
  SavedComparison saved{.a = json.at("a"), .b = json.at("b"), .effect = json.at("effect")};
  Comparison& comparison = saved.comparison;
  for (const Json& each : json.at("benchmarks")) {
    BenchmarkComparison& benchmark = comparison.benchmarks.emplace_back();
    benchmark.name = each.at("name");
    benchmark.verdict = verdict_of(each.at("verdict"));
    if (each.contains("time")) benchmark.time = time_result_of(each.at("time"));
    if (each.contains("instructions")) {
      benchmark.instructions = instruction_result_of(each.at("instructions"));
    }
  }
  json.at("only_a").get_to(comparison.only_a);
  json.at("only_b").get_to(comparison.only_b);
  json.at("failures").get_to(comparison.failures);
  if (json.contains("no_instructions")) comparison.no_instructions = json.at("no_instructions");
  return saved;
}

}  // namespace

std::string comparison_json(const SavedComparison& saved) {
  const Comparison& comparison = saved.comparison;
  Json benchmarks = Json::array();
  for (const BenchmarkComparison& each : comparison.benchmarks) {
    Json json = {{"name", each.name}, {"verdict", name_of(each.verdict)}};
    if (each.time) json["time"] = json_of(*each.time);
    if (each.instructions) json["instructions"] = json_of(*each.instructions);
    benchmarks.push_back(std::move(json));
  }
  Json document = {{"format", kFormat},
                   {"a", saved.a},
                   {"b", saved.b},
                   {"effect", saved.effect},
                   {"benchmarks", std::move(benchmarks)},
                   {"only_a", comparison.only_a},
                   {"only_b", comparison.only_b},
                   {"failures", comparison.failures}};
  if (comparison.no_instructions) document["no_instructions"] = *comparison.no_instructions;
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::expected<SavedComparison, std::string> read_comparison_json(std::string_view text) {
  try {
    const Json document = Json::parse(text);
    if (!document.is_object() || !document.contains("format")) {
      return std::unexpected("neither a history nor what compare --json writes");
    }
    if (document.at("format") != kFormat) {
      return std::unexpected("is of the format " + document.at("format").dump() +
                             "; this framespec-bench reads \"" + kFormat + "\"");
    }
    return saved_of(document);
  } catch (const Json::exception& problem) {
    return std::unexpected(std::string("neither a history nor what compare --json writes: ") +
                           problem.what());
  }
}

}  // namespace framespec::bench
