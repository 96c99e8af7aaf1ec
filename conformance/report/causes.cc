#include "report/causes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "framespec/frame_deframer.h"

namespace framespec::conformance {
namespace {

// Every failure of a segmentation breaks it: unsplit the same bytes pass.
constexpr std::string_view kSplitRule = "SEG-1";
// Every death breaks it, whatever it was that the testee died of.
constexpr std::string_view kAliveRule = "CON-1";
// Whatever else a check is about, it shows these where it sends more than one frame at once.
constexpr std::array<std::string_view, 2> kJoinedRules = {"SEG-2", "SEG-3"};

/// Cases that show a rule, and those of them that deviate.
struct Shown {
  std::size_t cases = 0;
  std::size_t broken = 0;

  [[nodiscard]] double share() const {
    return static_cast<double>(broken) / static_cast<double>(std::max<std::size_t>(cases, 1));
  }
  /// How well the rule explains what was seen: many failures, and few cases that it spared (the
  /// Ochiai coefficient of fault localisation, but for a factor that all rules have in common).
  [[nodiscard]] double explains() const {
    return static_cast<double>(broken) /
           std::sqrt(static_cast<double>(std::max<std::size_t>(cases, 1)));
  }
};

/// The rules of one dialect, as its unsplit checks show them, or those that were split.
class Rules {
 public:
  Rules(const DialectResult& dialect, bool is_split) : is_split_(is_split) {
    std::map<std::string, bool> is_broken;  // by case
    std::map<std::string, const CaseFacts*> facts;
    for (const PlanResult& plan : dialect.plans) {
      facts.try_emplace(plan.case_key, &plan.facts);
      if (std::ranges::find(order_, plan.facts.area) == order_.end()) {
        order_.push_back(plan.facts.area);
      }
      if (plan.attempts == 0 || (plan.role == Role::kVariant) != is_split) continue;
      is_broken[plan.case_key] |= is_deviation(plan.judgement.verdict);
    }
    for (const auto& [key, broken] : is_broken) {
      for (const std::string& rule : rules_of(*facts[key])) {
        ++shown_[rule].cases;
        if (broken) ++shown_[rule].broken;
      }
    }
    for (const auto& [key, of_case] : facts) {
      for (std::size_t index = 0; index < of_case->rules.size(); ++index) {
        auto& [first, all] = areas_[of_case->rules[index]][of_case->area];
        ++all;
        if (index == 0) ++first;
      }
    }
  }

  [[nodiscard]] std::vector<std::string> rules_of(const CaseFacts& facts) const {
    std::vector<std::string> rules = facts.rules;
    if (is_split_ && std::ranges::find(rules, kSplitRule) == rules.end()) {
      rules.emplace_back(kSplitRule);
    }
    return rules;
  }

  [[nodiscard]] Shown shown(const std::string& rule) const {
    const auto found = shown_.find(rule);
    return found == shown_.end() ? Shown{} : found->second;
  }

  /// That of the case which is probably broken. Of a segmentation it is known; else most of the
  /// cases that show it break it; of several the one that more cases break, or else the one that is
  /// named first.
  [[nodiscard]] std::string suspect(const CaseFacts& facts) const {
    if (is_split_) return std::string(kSplitRule);
    std::string best;
    std::pair<double, std::size_t> most{-1, 0};
    for (const std::string& rule : rules_of(facts)) {
      const std::pair<double, std::size_t> now{shown(rule).share(), shown(rule).broken};
      if (now <= most) continue;
      best = rule;
      most = now;
    }
    return best;
  }

  /// The area whose cases show the rule first of all.
  [[nodiscard]] std::string_view area_of(const std::string& rule) const {
    const auto found = areas_.find(rule);
    if (found == areas_.end()) return {};
    std::string_view best;
    std::pair<std::size_t, std::size_t> most;
    for (const std::string& area : order_) {
      const auto count = found->second.find(area);
      if (count == found->second.end() || count->second <= most) continue;
      best = area;
      most = count->second;
    }
    return best;
  }

 private:
  bool is_split_;
  std::map<std::string, Shown> shown_;
  /// By rule and area: how many cases name it first, and at all.
  std::map<std::string, std::map<std::string, std::pair<std::size_t, std::size_t>>> areas_;
  std::vector<std::string> order_;  ///< of the areas, as they come in the run
};

bool look_alike(const Finding& one, const Finding& other) {
  const auto look = [](const Finding& finding) {
    return std::tuple(finding.dialect, finding.verdict(), finding.is_known(), finding.example->role,
                      finding.pattern.cut_place);
  };
  // Whether it was at work says nothing here: one endless loop may go on through other checks.
  const auto is_same = [](const WayOfFailing& some, const WayOfFailing& another) {
    return some.kind == another.kind && some.at_sentinel == another.at_sentinel;
  };
  return look(one) == look(other) && std::ranges::any_of(one.ways, [&](const WayOfFailing& way) {
           return std::ranges::any_of(
               other.ways, [&](const WayOfFailing& another) { return is_same(way, another); });
         });
}

bool has_died(const Finding& finding) {
  return std::ranges::any_of(
      finding.ways, [](const WayOfFailing& way) { return way.kind == FailureKind::kDied; });
}

/// The rules that the finding's case names, and those that its example shows whatever it is about.
std::vector<std::string> shown_by(const Rules& rules, const Finding& finding) {
  std::vector<std::string> shown = rules.rules_of(finding.example->facts);
  if (has_died(finding)) shown.emplace_back(kAliveRule);
  if (!finding.is_split()) {
    FrameDeframer deframer(finding.dialect->dialect);
    Bytes rest = finding.example->stream;
    std::size_t frames = 0;
    for (;;) {
      const auto frame = deframer.next(rest);
      if (!frame) shown.emplace_back(rule_of(frame.error().kind));
      if (!frame || !*frame) break;
      ++frames;
    }
    if (frames > 1) shown.insert(shown.end(), kJoinedRules.begin(), kJoinedRules.end());
  }
  std::ranges::sort(shown);
  shown.erase(std::ranges::unique(shown).begin(), shown.end());
  return shown;
}

bool shows(const Rules& rules, const Finding& finding, const std::string& rule) {
  return std::ranges::binary_search(shown_by(rules, finding), rule);
}

bool have_one_cause(const Rules& rules, const Finding& one, const Finding& other) {
  return look_alike(one, other) && (shows(rules, one, rules.suspect(other.example->facts)) ||
                                    shows(rules, other, rules.suspect(one.example->facts)));
}

std::string rule_that_explains(const Rules& rules, const std::vector<Finding>& group) {
  // Only what fails in this group counts for it.
  std::map<std::string, Shown> here;
  for (const Finding& finding : group) {
    for (const std::string& rule : shown_by(rules, finding)) ++here[rule].broken;
  }
  std::string best;
  double most = -1;
  // In the order in which the cases name them, so that of two equal ones the first counts.
  for (const Finding& finding : group) {
    for (const std::string& rule : rules.rules_of(finding.example->facts)) {
      Shown& shown = here[rule];
      shown.cases = rules.shown(rule).cases;
      if (shown.explains() <= most) continue;
      best = rule;
      most = shown.explains();
    }
  }
  return best;
}

/// The group behind the one of it that is nearest to the cause.
Finding put_together(const Rules& rules, std::vector<Finding> group) {
  const std::string rule = rule_that_explains(rules, group);
  const std::string_view area = rules.area_of(rule);
  const auto distance = [&](const Finding& finding) {
    const CaseFacts& facts = finding.example->facts;
    return std::tuple(std::ranges::find(facts.rules, rule) == facts.rules.end(), facts.area != area,
                      facts.rules.empty() || facts.rules.front() != rule, facts.rules.size(),
                      -gravity_of(*finding.example));
  };
  const auto nearest = std::ranges::min_element(group, {}, distance);
  Finding speaker = std::move(*nearest);
  for (Finding& finding : group) {
    if (&finding == &*nearest) continue;
    speaker.alike.push_back(finding.example);
    if (!speaker.hint) speaker.hint = std::move(finding.hint);
    speaker.known_lines.merge(finding.known_lines);
  }
  return speaker;
}

// Areas from the simple to the involved.
std::size_t area_rank(const std::string& area) {
  constexpr std::array<std::string_view, 6> kOrder = {"sanity", "segmentation",  "coalescing",
                                                      "length", "end_of_stream", "json_header"};
  return static_cast<std::size_t>(std::ranges::find(kOrder, area) - kOrder.begin());
}

using ReadingOrder = std::tuple<bool, Verdict, bool, std::ptrdiff_t, bool, std::size_t>;

// First what explains most: who mends it has mended most.
ReadingOrder reading_order(const Finding& finding) {
  const std::size_t rank = area_rank(finding.example->facts.area);
  return {finding.is_known(),         finding.verdict(),   rank != 0,
          -std::ssize(finding.alike), !finding.is_split(), rank};
}

/// Takes the first of `rest`, and all that have one cause with it, directly or through others.
std::vector<Finding> take_group(const Rules& rules, std::vector<Finding>& rest) {
  std::vector<Finding> group;
  group.push_back(std::move(rest.front()));
  rest.erase(rest.begin());
  for (std::size_t index = 0; index < group.size(); ++index) {
    for (auto other = rest.begin(); other != rest.end();) {
      if (have_one_cause(rules, group[index], *other)) {
        group.push_back(std::move(*other));
        other = rest.erase(other);
      } else {
        ++other;
      }
    }
  }
  // In the order of the run again.
  std::ranges::sort(group, {}, &Finding::example);
  return group;
}

}  // namespace

std::vector<Finding> findings_by_cause(const RunResult& run) {
  std::vector<Finding> all = findings_of(run);
  // Those of one rank stay in the order of the run.
  std::multimap<ReadingOrder, Finding> speakers;
  for (const DialectResult& dialect : run.dialects) {
    for (const bool is_split : {false, true}) {
      const Rules rules(dialect, is_split);
      std::vector<Finding> rest;
      for (Finding& finding : all) {
        const bool is_mine = finding.dialect == &dialect && finding.is_split() == is_split;
        if (is_mine) rest.push_back(std::move(finding));
      }
      while (!rest.empty()) {
        Finding speaker = put_together(rules, take_group(rules, rest));
        speakers.emplace(reading_order(speaker), std::move(speaker));
      }
    }
  }
  std::vector<Finding> ordered;
  ordered.reserve(speakers.size());
  for (auto& [order, speaker] : speakers) ordered.push_back(std::move(speaker));
  return ordered;
}

}  // namespace framespec::conformance
