#include "report/judged_checks.h"

#include <fmt/format.h>

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string_view>

#include "framespec/json_syntax.h"
#include "report/event_json.h"
#include "report/input_file.h"
#include "report/json_fields.h"
#include "report/recorded_run.h"
#include "report/report_json.h"
#include "runner/run_result.h"

namespace framespec::conformance {
namespace {

constexpr std::size_t kPieceSize = std::size_t{1} << 20U;
// A thorough run of many dialects has some tens of megabytes.
constexpr std::size_t kReportSizeMax = std::size_t{1} << 30U;
constexpr JsonFileKind kReport{.name = "report", .depth_max = 16};

bool says_something(Verdict verdict) { return verdict == Verdict::kPass || is_deviation(verdict); }

std::vector<JudgedCheck> checks_of(const RunResult& run) {
  std::vector<JudgedCheck> checks;
  for (const DialectResult& dialect : run.dialects) {
    for (const PlanResult& plan : dialect.plans) {
      if (!says_something(plan.judgement.verdict)) continue;
      JudgedCheck& check =
          checks.emplace_back(JudgedCheck{.id = plan.id,
                                          .case_key = plan.case_key,
                                          .is_split = plan.role == Role::kVariant,
                                          .is_known = plan.known_line.has_value(),
                                          .failure = std::nullopt,
                                          .is_required = plan.judgement.verdict == Verdict::kFail});
      if (is_deviation(plan.judgement.verdict)) check.failure = plan.attempt.failure->kind;
    }
  }
  return checks;
}

/// Throws WrongMember.
std::vector<JudgedCheck> checks_of(const JsonFields& report) {
  if (report.text("format") != kReportFormat) {
    report.reject("format", fmt::format("\"{}\"", kReportFormat));
  }
  std::vector<JudgedCheck> checks;
  for (const JsonFields& dialect : report.objects("dialects")) {
    for (const JsonFields& plan : dialect.objects("plans")) {
      const auto verdict = plan.choice<Verdict>("verdict", kVerdicts);
      if (!says_something(verdict)) continue;
      JudgedCheck& check =
          checks.emplace_back(JudgedCheck{.id = plan.text("id"),
                                          .case_key = plan.text("case"),
                                          .is_split = plan.text("role") == name_of(Role::kVariant),
                                          .is_known = plan.has("known"),
                                          .failure = std::nullopt,
                                          .is_required = verdict == Verdict::kFail});
      if (is_deviation(verdict)) {
        check.failure = plan.object("failure").choice<FailureKind>("kind", kFailureKinds);
      }
    }
  }
  return checks;
}

struct NoReport {
  std::string why;
};

std::string to_string(const NoReport& wrong) {
  return "it is neither a report (run --json) nor events (run --events): " + wrong.why;
}

std::expected<std::vector<JudgedCheck>, NoReport> parse_report(std::string_view text) {
  if (const auto syntax = check_json_syntax(text, kReport); !syntax) {
    return std::unexpected(
        NoReport{fmt::format("{}: {}", syntax.error().path, syntax.error().message)});
  }
  const auto document = JsonFields::Json::parse(text);
  try {
    return checks_of(JsonFields(document, "$"));
  } catch (const WrongMember& wrong) {
    return std::unexpected(NoReport{fmt::format("{}: {}", wrong.path, wrong.message)});
  }
}

/// By the first line. That of an event file is far shorter than a block.
bool holds_events(const std::string& path) {
  const auto fd = open_input(path);
  std::string text;
  if (!fd || !read_input(*fd, kPieceSize, text)) return false;
  const auto event = parse_event(std::string_view(text).substr(0, text.find('\n')));
  return event && *event;
}

}  // namespace

std::expected<std::vector<JudgedCheck>, std::string> read_judged_checks(const std::string& path) {
  if (!holds_events(path)) return parse_input(path, kReportSizeMax, parse_report);
  const auto log = read_run(path);
  if (!log) return std::unexpected(log.error());
  return checks_of(log->result());
}

}  // namespace framespec::conformance
