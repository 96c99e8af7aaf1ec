#include "report/totals_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "framespec/printable.h"
#include "framespec/shortened.h"
#include "report/taker_text.h"

namespace framespec::conformance {
namespace {

std::string count_text(const DialectResult& dialect) {
  const Totals totals = dialect.totals();
  std::vector<std::string> parts;
  for (std::size_t index = 0; index < totals.size(); ++index) {
    const auto verdict = static_cast<Verdict>(index);
    if (totals[index] == 0 && verdict != Verdict::kPass && verdict != Verdict::kFail) continue;
    parts.push_back(fmt::format("{} {}", totals[index], name_of(verdict)));
    if (is_deviation(verdict)) {
      const auto known = std::ranges::count_if(dialect.plans, [verdict](const PlanResult& plan) {
        return plan.judgement.verdict == verdict && plan.known_line;
      });
      if (known > 0) parts.back() += fmt::format(" ({} of them known)", known);
    }
    if (verdict != Verdict::kInconclusive) continue;
    const auto paced = static_cast<std::uint64_t>(std::ranges::count_if(dialect.plans, is_paced));
    if (paced == totals[index]) {
      parts.back() += " (paced)";
    } else if (paced > 0) {
      parts.back() += fmt::format(" ({} of them paced)", paced);
    }
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

/// "3-7, 9-9 and 2 more".
std::string offsets_text(const std::vector<step::Stretch>& all) {
  constexpr std::size_t kShown = 8;
  std::vector<std::string> stretches;
  for (const step::Stretch& stretch : all) {
    stretches.push_back(fmt::format("{}-{}", stretch.from, stretch.to - 1));
    if (stretches.size() == kShown) break;
  }
  const std::size_t more = all.size() - stretches.size();
  return fmt::format("{}{}", fmt::join(stretches, ", "),
                     more > 0 ? fmt::format(" and {} more", more) : "");
}

/// What of a service's answers is not compared.
std::vector<std::string> not_compared_in_words(const RunResult& run, const DialectResult& dialect) {
  std::vector<std::string> lines;
  if (!dialect.learnt) return lines;
  for (std::size_t turn = 0; turn < dialect.learnt->answers.size(); ++turn) {
    const AnswersLearnt::Answer& answer = dialect.learnt->answers[turn];
    if (!answer.varies.empty()) {
      lines.push_back(fmt::format(
          "unsplit, too, these bytes of the answer of turn {} differ from time to time, and are "
          "not compared: {} of {}",
          turn + 1, offsets_text(answer.varies), answer.size));
    }
    if (!answer.masked.empty()) {
      lines.push_back(fmt::format(
          "these parts of the answer of turn {} are masked, and are not compared: {} of {}",
          turn + 1, offsets_text(answer.masked), answer.size));
    }
  }
  if (run.testee.conversation) {
    for (const std::string& mask : run.testee.conversation->masks) {
      lines.push_back(printable(shortened(fmt::format("not compared is --mask {}", mask))));
    }
  }
  return lines;
}

std::string why_restarted(const Restarts& restarts) {
  std::vector<std::string> reasons;
  const auto add = [&](std::uint64_t times, std::string_view reason) {
    if (times > 0) reasons.push_back(fmt::format("{} {}", times, reason));
  };
  add(restarts.for_memory, "afresh for a check of its memory");
  add(restarts.after_death, "after it had ended by itself");
  add(restarts.after_silence, "as it answered nobody any more");
  add(restarts.after_work, "as it went on working with no connection left");
  add(restarts.after_change, "as its unsplit answers had changed");
  add(restarts.after_flight, "as not all went well in flight");
  return reasons.empty() ? "" : fmt::format(": {}", fmt::join(reasons, ", "));
}

void add_totals(std::string& text, const RunResult& run, const DialectResult& dialect) {
  const ProvenSegments proven = proven_in(dialect);
  text += fmt::format("{:<9}  {}\n", dialect.name, count_text(dialect));
  text += fmt::format("{:<9}  {} checks delivered with proof, {} segments; {:.1f} s\n", "",
                      proven.plans, proven.segments,
                      std::chrono::duration<double>(dialect.duration()).count());
  if (proven.held_back > 0) {
    text += fmt::format(
        "{:<9}  {} of them held back by the testee's own SO_RCVLOWAT: it is not told of those "
        "cuts\n",
        "", proven.held_back);
  }
  for (const CutsLeftOut& cuts : dialect.cuts_left_out) {
    text += fmt::format("{:<9}  {}\n", "", to_string(cuts));
  }
  for (const std::string& line : not_compared_in_words(run, dialect)) {
    text += fmt::format("{:<9}  {}\n", "", line);
  }
  if (proven.plans > 0) {
    for (const std::string& sentence : takers_in_words(dialect)) {
      text += fmt::format("{:<9}  {}\n", "", sentence);
    }
  }
  if (dialect.testee_starts > 1) {
    text += fmt::format("{:<9}  the testee was started {} times{}\n", "", dialect.testee_starts,
                        why_restarted(dialect.restarts));
  }
  if (run.jobs > dialect.in_flight_max && proven.plans > 0) {
    text += fmt::format(
        "{:<9}  one check at a time, and not {}: it did not answer on a second connection beside "
        "the first\n",
        "", run.jobs);
  }
  if (dialect.had_to_be_killed) {
    text += fmt::format(
        "{:<9}  the testee had to be killed: SIGTERM did not end it within five seconds [TIM-4]\n",
        "");
  }
  if (const std::string left_out = not_applicable_in_words(dialect); !left_out.empty()) {
    text += fmt::format("{:<9}  of no use with {}this dialect: {}\n", "",
                        run.testee.is_client() ? "a client, or with " : "", left_out);
  }
}

// A proof that is somebody else's is part of the verdict on the run.
std::string whose_proof(const RunResult& run) {
  for (const DialectResult& dialect : run.dialects) {
    const Taker* const forwarder = forwarder_of(dialect);
    if (forwarder != nullptr && proven_in(dialect).plans > 0) {
      return fmt::format(", with proof of {} only, which is not the testee", name_of(*forwarder));
    }
  }
  return {};
}

}  // namespace

ProvenSegments proven_in(const DialectResult& dialect) {
  ProvenSegments proven;
  for (const PlanResult& plan : dialect.plans) {
    if (plan.attempt.proof.state != ProofState::kProven) continue;
    ++proven.plans;
    proven.segments += plan.attempt.proof.segments_proven;
    proven.held_back += plan.attempt.proof.segments_held_back;
  }
  return proven;
}

std::string plural(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string not_applicable_in_words(const DialectResult& dialect) {
  std::set<std::string_view> made;
  for (const PlanResult& plan : dialect.plans) made.insert(plan.case_key);
  std::set<std::string> cases;
  std::size_t values = 0;
  for (const NotApplicable& left_out : dialect.not_applicable) {
    const std::string_view id = left_out.id;
    const std::string_view name = id.substr(id.rfind('/') + 1);
    std::string key =
        fmt::format("{}/{}", id.substr(0, id.find('/')), name.substr(0, name.find('-')));
    if (made.contains(key)) {
      ++values;
    } else {
      cases.insert(std::move(key));
    }
  }
  std::vector<std::string> parts;
  if (!cases.empty()) parts.push_back(plural(cases.size(), "case"));
  if (values > 0) parts.push_back(plural(values, "value") + " of others");
  return fmt::format("{}", fmt::join(parts, " and "));
}

std::string name_with_manner(const PlanResult& plan) {
  return fmt::format("{}{}", name_of(plan.judgement.verdict), is_paced(plan) ? " (paced)" : "");
}

std::string totals_text(const RunResult& run, std::size_t findings, const Style& style) {
  std::string text;
  for (const DialectResult& dialect : run.dialects) {
    add_totals(text, run, dialect);
  }
  const ExitJudgement judgement = judge_run(run);
  const std::string time = fmt::format(
      "{:.1f} s{}", std::chrono::duration<double>(run.duration).count(),
      run.shard ? fmt::format(" for shard {} of the cases", to_string(*run.shard)) : "");
  if (judgement.code == 0) {
    const bool is_complete = judgement.reason.empty();
    return text + fmt::format("{} in {}: {}{}\n",
                              style.paint(is_complete ? Colour::kGreen : Colour::kYellow,
                                          is_complete ? "PASS" : "ACCEPTED"),
                              time, is_complete ? "all that is required passed" : judgement.reason,
                              whose_proof(run));
  }
  const std::string found =
      judgement.code == 1 && findings > 0
          ? fmt::format(" ({} different {})", findings, findings == 1 ? "way" : "ways")
          : "";
  return text + fmt::format("{} in {}: {}{}\n",
                            style.paint(Colour::kRed, judgement.code == 1 ? "FAIL" : "INCOMPLETE"),
                            time, printable(judgement.reason), found);
}

}  // namespace framespec::conformance
