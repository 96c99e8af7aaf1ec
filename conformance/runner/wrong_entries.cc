#include "runner/wrong_entries.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "suite/suite.h"

namespace framespec::conformance {
namespace {

/// What the checks that an entry names came to.
struct Named {
  std::size_t checks = 0;
  std::size_t as_expected = 0;
  std::size_t as_others_say = 0;
  std::vector<const PlanResult*> otherwise;
  std::vector<const PlanResult*> passed;
};

Named named_by(const KnownFailure& entry, const RunResult& run) {
  Named named;
  for (const DialectResult& dialect : run.dialects) {
    for (const PlanResult& plan : dialect.plans) {
      if (!matches_glob(entry.cases, plan.id)) continue;
      ++named.checks;
      if (plan.judgement.verdict == Verdict::kPass) named.passed.push_back(&plan);
      if (!is_deviation(plan.judgement.verdict)) continue;
      if (plan.attempt.failure->kind == entry.failure) {
        ++named.as_expected;
      } else if (plan.known_line) {
        ++named.as_others_say;
      } else {
        named.otherwise.push_back(&plan);
      }
    }
  }
  return named;
}

std::string some_ids(const std::vector<const PlanResult*>& plans) {
  constexpr std::size_t kNamed = 3;
  std::vector<std::string_view> ids;
  for (const PlanResult* plan : plans) {
    // The sanity check comes twice.
    if (std::ranges::find(ids, plan->id) == ids.end()) ids.emplace_back(plan->id);
  }
  const std::size_t more = ids.size() - std::min(ids.size(), kNamed);
  ids.resize(std::min(ids.size(), kNamed));
  return fmt::format("{}{}", fmt::join(ids, ", "),
                     more > 0 ? fmt::format(" and {} more", more) : "");
}

/// Whether all checks that there are have come to a verdict, or to a reason why not.
bool is_whole(const RunResult& run) {
  return run.has_ended && !run.was_interrupted && !run.leaves_out &&
         std::ranges::all_of(run.dialects, [](const DialectResult& dialect) {
           return !dialect.problem && dialect.plans.size() >= dialect.planned;
         });
}

/// By the second part of its ids. Where stars may stand for '/', some are taken for what they are
/// not, and such an entry is not complained of.
bool is_about_another_dialect(const KnownFailure& entry, const RunResult& run) {
  const std::string_view cases = entry.cases;
  const std::size_t begin = cases.find('/');
  if (begin == std::string_view::npos) return false;
  const std::string_view rest = cases.substr(begin + 1);
  const std::string_view glob = rest.substr(0, rest.find('/'));
  return std::ranges::none_of(run.dialects, [glob](const DialectResult& dialect) {
    return matches_glob(glob, dialect.name);
  });
}

std::string expects_other(const KnownFailure& entry, const Named& named) {
  const PlanResult& first = *named.otherwise.front();
  const std::size_t more = named.otherwise.size() - 1;
  return fmt::format(
      "expects {}, and {} came to {}{}: change \"failure\", or narrow \"cases\"",
      name_of(entry.failure), first.id, name_of(first.attempt.failure->kind),
      more > 0 ? fmt::format(" (and {} more checks to others than that)", more) : "");
}

std::string passes_now(const Named& named, bool is_whole_run) {
  const bool fails_still = named.as_expected + named.as_others_say + named.otherwise.size() > 0;
  return fmt::format("is to be {}: {}: {}",
                     fails_still    ? "narrowed"
                     : is_whole_run ? "removed"
                                    : "removed or narrowed",
                     fails_still ? "some of what it names passes" : "what it names passes now",
                     some_ids(named.passed));
}

}  // namespace

std::vector<WrongEntry> wrong_entries(const RunResult& run) {
  std::vector<WrongEntry> wrong;
  if (!run.known) return wrong;
  const bool is_whole_run = is_whole(run);
  for (const KnownFailure& entry : run.known->entries) {
    const auto add = [&](std::string sentence) {
      wrong.push_back({.line = entry.line, .sentence = std::move(sentence)});
    };
    const Named named = named_by(entry, run);
    if (!named.otherwise.empty()) add(expects_other(entry, named));
    if (!named.passed.empty()) add(passes_now(named, is_whole_run));
    if (named.checks == 0 && is_whole_run && !is_about_another_dialect(entry, run)) {
      add(fmt::format("is to be removed: no check has an id that matches \"{}\"", entry.cases));
    }
    const bool is_only_others = named.as_others_say > 0 && named.as_expected == 0 &&
                                named.otherwise.empty() && named.passed.empty();
    if (is_only_others && is_whole_run) {
      add(fmt::format(
          "is to be removed: what it names never came to {}, and other lines say to what",
          name_of(entry.failure)));
    }
  }
  return wrong;
}

}  // namespace framespec::conformance
