#include "report/merged_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "report/recorded_run.h"

namespace framespec::conformance {
namespace {

/// One of the runs, and the file that tells of it.
struct Part {
  std::string path;
  RunLog log;
};

using event::Started;

bool are_same(const std::vector<event::DialectChosen>& a,
              const std::vector<event::DialectChosen>& b) {
  return std::ranges::equal(
      a, b, [](const event::DialectChosen& one, const event::DialectChosen& other) {
        return one.option == other.option && to_json(one.dialect) == to_json(other.dialect);
      });
}

bool are_same(const std::optional<KnownFailures>& a, const std::optional<KnownFailures>& b) {
  return a.has_value() == b.has_value() && (!a || a->entries == b->entries);
}

/// The address of a server that ran already may be another for each part.
bool are_same(const TesteeChoice& a, const TesteeChoice& b) {
  const bool is_address = a.kind == TesteeKind::kServer || a.kind == TesteeKind::kClientThatComes;
  return a.kind == b.kind && (is_address || a.value == b.value) && a.answers == b.answers;
}

/// What of two parts must be the same and is not; empty where they are of one run.
std::string_view difference(const Started& a, const Started& b) {
  if (a.shard->of != b.shard->of) return "number of shards";
  if (a.version != b.version) return "version of framespec";
  if (a.suites_hash != b.suites_hash) return "suites";
  if (!are_same(a.dialects, b.dialects)) return "dialects";
  if (!are_same(a.testee, b.testee)) return "testee";
  if (!are_same(a.known, b.known)) return "list of known failures";
  const bool are_options_same =
      a.seed == b.seed && a.max_payload == b.max_payload && a.frame_timeout == b.frame_timeout &&
      a.time_limit == b.time_limit && a.is_thorough == b.is_thorough && a.level == b.level &&
      a.filters == b.filters && a.excludes == b.excludes && a.pace == b.pace &&
      a.accepts_paced == b.accepts_paced && a.rerun_of == b.rerun_of &&
      a.newest_cases == b.newest_cases;
  return are_options_same ? std::string_view() : "options";
}

std::expected<void, std::string> check(const std::vector<Part>& parts) {
  for (auto part = parts.begin(); part != parts.end(); ++part) {
    const Started& started = part->log.started();
    if (!started.shard) {
      return std::unexpected(fmt::format(
          "{}: it is no part of a run (--shard), and only such can be put together", part->path));
    }
    for (auto other = parts.begin(); other != part; ++other) {
      if (const auto what = difference(other->log.started(), started); !what.empty()) {
        return std::unexpected(fmt::format("{} and {} are no parts of one run: they differ in {}",
                                           other->path, part->path, what));
      }
      if (other->log.started().shard == started.shard) {
        return std::unexpected(fmt::format("{} and {} are both shard {}", other->path, part->path,
                                           to_string(*started.shard)));
      }
    }
  }
  return {};
}

bool is_sanity(const PlanResult& plan) {
  return plan.role == Role::kSanityFirst || plan.role == Role::kSanityLast;
}

/// Every part begins and ends with the same sanity check: of those that there are the first that
/// is no pass stands for all.
void add_sanity(std::vector<PlanResult>& plans, PlanResult plan) {
  const auto same = std::ranges::find(plans, plan.role, &PlanResult::role);
  if (same == plans.end()) {
    plans.push_back(std::move(plan));
  } else if (same->judgement.verdict == Verdict::kPass &&
             plan.judgement.verdict != Verdict::kPass) {
    *same = std::move(plan);
  }
}

void add(Restarts& sum, const Restarts& more) {
  sum.for_memory += more.for_memory;
  sum.after_death += more.after_death;
  sum.after_silence += more.after_silence;
  sum.after_work += more.after_work;
  sum.after_change += more.after_change;
}

/// `part` is of the run `run`, and of the same dialect.
void add(DialectResult& sum, const RunResult& run, DialectResult part) {
  constexpr std::size_t kSanityChecks = 2;
  sum.planned += part.planned - std::min(part.planned, kSanityChecks);
  // Whose doing a death was is seen in the order of the part.
  const std::vector<Death> unknown = unknown_deaths(run, part);
  for (Death& death : part.deaths) {
    death.is_known = std::ranges::none_of(unknown, [&](const Death& each) {
      return each.plan_id == death.plan_id && each.connections == death.connections;
    });
    sum.deaths.push_back(std::move(death));
  }
  for (PlanResult& plan : part.plans) {
    if (is_sanity(plan)) {
      add_sanity(sum.plans, std::move(plan));
    } else {
      sum.plans.push_back(std::move(plan));
    }
  }
  sum.minimal.merge(part.minimal);
  std::ranges::move(part.not_applicable, std::back_inserter(sum.not_applicable));
  std::ranges::move(part.cuts_left_out, std::back_inserter(sum.cuts_left_out));
  if (!sum.problem) sum.problem = std::move(part.problem);
  sum.testee_starts += part.testee_starts;
  add(sum.restarts, part.restarts);
  sum.had_to_be_killed |= part.had_to_be_killed;
  for (Taker& taker : part.takers) add_taker(sum.takers, std::move(taker));
  if (!sum.learnt) sum.learnt = std::move(part.learnt);
  sum.largest_answered = std::max(sum.largest_answered, part.largest_answered);
  for (std::size_t index = 0; index < sum.spent.size(); ++index) {
    sum.spent[index] += part.spent[index];
  }
}

/// In the order of a run that was not divided; what nothing is known of comes last.
template <typename Placed>
void put_in_order(std::vector<Placed>& all) {
  std::ranges::stable_sort(all, {}, [](const Placed& each) {
    return each.place.value_or(std::numeric_limits<std::uint64_t>::max());
  });
  for (Placed& each : all) each.place.reset();
}

DialectResult empty_like(const DialectResult& part) {
  DialectResult sum;
  sum.name = part.name;
  sum.option = part.option;
  sum.dialect = part.dialect;
  sum.planned = 2;  // the sanity checks
  return sum;
}

void add(RunResult& sum, const RunResult& part) {
  for (const DialectResult& dialect : part.dialects) {
    auto same = std::ranges::find(sum.dialects, dialect.option, &DialectResult::option);
    if (same == sum.dialects.end()) {
      sum.dialects.push_back(empty_like(dialect));
      same = std::prev(sum.dialects.end());
    }
    add(*same, part, dialect);
  }
  sum.started = std::min(sum.started, part.started);
  sum.duration += part.duration;
  sum.was_interrupted |= part.was_interrupted;
  if (!sum.ended_by_limit) sum.ended_by_limit = part.ended_by_limit;
  if (!sum.nonsense) sum.nonsense = part.nonsense;
  sum.has_ended &= part.has_ended;
}

RunResult merged(std::vector<Part> parts) {
  std::ranges::sort(parts, {}, [](const Part& part) { return part.log.started().shard->number; });
  const Started& started = parts.front().log.started();
  RunResult sum = parts.front().log.result();
  sum.dialects.clear();
  sum.duration = {};
  sum.exit.reset();
  sum.shard.reset();
  for (const Part& part : parts) add(sum, part.log.result());
  for (DialectResult& dialect : sum.dialects) {
    put_in_order(dialect.plans);
    put_in_order(dialect.not_applicable);
    put_in_order(dialect.cuts_left_out);
  }
  for (std::uint64_t number = 1; number <= started.shard->of; ++number) {
    const Shard shard{.number = number, .of = started.shard->of};
    if (std::ranges::none_of(parts,
                             [&](const Part& part) { return part.log.started().shard == shard; })) {
      sum.missing_shards.push_back(shard);
    }
  }
  sum.leaves_out = !sum.missing_shards.empty() || leaves_out(started);
  return sum;
}

}  // namespace

std::expected<RunResult, std::string> read_merged_run(const std::vector<std::string>& paths) {
  std::vector<Part> parts;
  for (const std::string& path : paths) {
    auto log = read_run(path);
    if (!log) return std::unexpected(log.error());
    parts.push_back({.path = path, .log = *std::move(log)});
  }
  if (parts.size() == 1) return parts.front().log.result();
  if (const auto right = check(parts); !right) return std::unexpected(right.error());
  return merged(std::move(parts));
}

}  // namespace framespec::conformance
