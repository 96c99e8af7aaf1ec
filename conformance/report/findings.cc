#include "report/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include "launch/command_template.h"
#include "report/wire_view.h"
#include "runner/run.h"

namespace framespec::conformance {
namespace {

// The number behind "cut_at-" or "chunk-".
std::optional<std::uint64_t> number_after(std::string_view prefix, std::string_view name) {
  if (!name.starts_with(prefix)) return std::nullopt;
  name.remove_prefix(prefix.size());
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
  return number;
}

// The members of one family that were run, and those of them that failed.
struct Family {
  std::vector<std::uint64_t> run;
  std::vector<std::uint64_t> failed;
};

Family family(const std::vector<const PlanResult*>& variants, std::string_view prefix) {
  Family found;
  for (const PlanResult* plan : variants) {
    const auto number = number_after(prefix, plan->segmentation);
    if (!number || plan->attempts == 0) continue;
    found.run.push_back(*number);
    if (is_deviation(plan->judgement.verdict)) found.failed.push_back(*number);
  }
  std::ranges::sort(found.run);
  std::ranges::sort(found.failed);
  return found;
}

// Cut offsets strictly inside one kind of part.
std::vector<std::uint64_t> inside(const std::vector<std::uint64_t>& cuts,
                                  const std::vector<WireRegion>& regions,
                                  std::initializer_list<WirePart> parts) {
  std::vector<std::uint64_t> found;
  std::ranges::copy_if(cuts, std::back_inserter(found), [&](std::uint64_t cut) {
    return std::ranges::any_of(regions, [&](const WireRegion& region) {
      return std::ranges::find(parts, region.part) != parts.end() && region.begin < cut &&
             cut < region.end;
    });
  });
  return found;
}

// The sentence, and the place if the failing cuts are just those of one place.
std::pair<std::string, std::string> cuts_in_common(const Family& cuts,
                                                   const std::vector<WireRegion>& regions) {
  const std::string failed = ranges_of(cuts.failed);
  const bool is_every_cut = cuts.failed == cuts.run;
  const std::initializer_list<WirePart> prefix = {WirePart::kPrefix};
  const std::initializer_list<WirePart> header = {WirePart::kHeader};
  const std::initializer_list<WirePart> payload = {WirePart::kPayload};
  const std::initializer_list<WirePart> both = {WirePart::kPrefix, WirePart::kHeader};
  for (const auto& [parts, where] :
       {std::pair{prefix, "the prefix"}, std::pair{header, "the JSON header"},
        std::pair{payload, "the payload"}, std::pair{both, "the prefix or the JSON header"}}) {
    if (cuts.failed == inside(cuts.run, regions, parts)) {
      return {fmt::format("every cut inside {} fails ({}){}", where, failed,
                          is_every_cut ? "" : ", and no other single cut"),
              where};
    }
  }
  if (is_every_cut) return {fmt::format("every single cut fails ({})", failed), "everywhere"};
  return {fmt::format("{} of {} single cuts fail: {}", cuts.failed.size(), cuts.run.size(), failed),
          ""};
}

struct Count {
  std::size_t run = 0;
  std::size_t failed = 0;
};

void add_in_common(Finding& finding, const std::vector<const PlanResult*>& variants) {
  std::vector<std::string>& sentences = finding.in_common;
  const Family cuts = family(variants, "cut_at-");
  if (!cuts.failed.empty()) {
    const ByteVector& stream =
        finding.minimal != nullptr ? finding.minimal->stream : finding.example->stream;
    const auto regions = wire_regions(finding.dialect->dialect, stream);
    auto [sentence, place] = cuts_in_common(cuts, regions);
    sentences.push_back(std::move(sentence));
    finding.cut_place = std::move(place);
  } else if (!cuts.run.empty()) {
    sentences.push_back(fmt::format("no single cut fails ({} tried)", cuts.run.size()));
  }
  const Family chunks = family(variants, "chunk-");
  if (!chunks.failed.empty()) {
    sentences.push_back(chunks.failed == chunks.run
                            ? fmt::format("every chunk size fails ({})", ranges_of(chunks.failed))
                            : fmt::format("{} of {} chunk sizes fail: {}", chunks.failed.size(),
                                          chunks.run.size(), ranges_of(chunks.failed)));
  }
  Count ended;
  Count others;
  for (const PlanResult* plan : variants) {
    if (plan->attempts == 0 || number_after("cut_at-", plan->segmentation) ||
        number_after("chunk-", plan->segmentation)) {
      continue;
    }
    Count& count = plan->ends_with_data ? ended : others;
    ++count.run;
    if (is_deviation(plan->judgement.verdict)) ++count.failed;
  }
  if (ended.failed > 0) {
    sentences.push_back(
        fmt::format("{} of {} fail where the end of the stream comes with the last bytes",
                    ended.failed, ended.run));
  }
  if (others.failed > 0) {
    sentences.push_back(
        fmt::format("{} of {} other segmentations fail", others.failed, others.run));
  }
  const auto left_out = std::ranges::count_if(
      variants, [](const PlanResult* plan) { return plan->judgement.reason == kOthersFail; });
  if (left_out > 0) {
    sentences.push_back(fmt::format(
        "{} more were left out, as these fail already (--thorough runs all)", left_out));
  }
}

struct Members {
  std::vector<const PlanResult*> controls;
  std::vector<const PlanResult*> variants;
};

Finding finding_of(const DialectResult& dialect, const Members& members) {
  Finding finding;
  finding.dialect = &dialect;
  std::map<FailureKind, std::size_t> kinds;
  const PlanResult* first_variant = nullptr;
  for (const PlanResult* plan : members.controls) {
    finding.controls_run += plan->attempts > 0 ? 1 : 0;
    if (!is_deviation(plan->judgement.verdict)) continue;
    ++finding.controls_failed;
    ++kinds[plan->attempt.failure->kind];
    if (finding.example == nullptr) finding.example = plan;
  }
  for (const PlanResult* plan : members.variants) {
    finding.variants_run += plan->attempts > 0 ? 1 : 0;
    if (plan->judgement.verdict == Verdict::kInconclusive && plan->attempts == 0) {
      ++finding.variants_unjudged;
    }
    if (!is_deviation(plan->judgement.verdict)) continue;
    ++finding.variants_failed;
    ++kinds[plan->attempt.failure->kind];
    const auto minimal = dialect.minimal.find(plan->control_id);
    if (minimal != dialect.minimal.end() && finding.minimal == nullptr) {
      finding.minimal = &minimal->second;
      first_variant = plan;
    }
    if (first_variant == nullptr ||
        (finding.minimal == nullptr &&
         plan->attempt.proof.segments < first_variant->attempt.proof.segments)) {
      first_variant = plan;
    }
  }
  if (finding.example == nullptr) finding.example = first_variant;
  if (finding.example == nullptr) return finding;
  if (finding.variants_failed > 0) {
    std::vector<const PlanResult*> same_control;
    std::ranges::copy_if(
        members.variants, std::back_inserter(same_control), [&](const PlanResult* plan) {
          return first_variant != nullptr && plan->control_id == first_variant->control_id;
        });
    add_in_common(finding, same_control);
  }
  for (const auto& [kind, times] : kinds) {
    if (kind == finding.example->attempt.failure->kind) continue;
    finding.other_ways.push_back(fmt::format("{} of them: {}", times, name_of(kind)));
  }
  return finding;
}

}  // namespace

std::vector<Finding> findings_of(const RunResult& run) {
  std::vector<Finding> findings;
  for (const DialectResult& dialect : run.dialects) {
    std::vector<std::string> order;
    std::map<std::string, Members> by_case;
    for (const PlanResult& plan : dialect.plans) {
      const bool is_variant = plan.role == Role::kVariant;
      // A segmentation that fails and a case that fails whole are two findings of one case.
      const auto [found, is_new] = by_case.try_emplace(plan.case_key);
      if (is_new) order.push_back(plan.case_key);
      (is_variant ? found->second.variants : found->second.controls).push_back(&plan);
    }
    for (const std::string& key : order) {
      const Members& all = by_case[key];
      Finding whole = finding_of(dialect, {.controls = all.controls, .variants = {}});
      Finding split = finding_of(dialect, {.controls = {}, .variants = all.variants});
      split.controls_run = whole.controls_run;
      whole.variants_unjudged = split.variants_unjudged;
      for (Finding* const finding : {&whole, &split}) {
        if (finding->example == nullptr) continue;
        finding->hint = limit_hint(run, dialect, key, *finding->example->attempt.failure);
        findings.push_back(std::move(*finding));
      }
    }
  }
  return findings;
}

namespace {

// The defect as far as it can be seen from outside.
auto look_of(const Finding& finding) {
  const Failure& failure = finding.minimal != nullptr ? *finding.minimal->attempt.failure
                                                      : *finding.example->attempt.failure;
  return std::tuple(finding.dialect, finding.verdict(), finding.is_split(), finding.cut_place,
                    failure.kind, failure.at_sentinel, finding.example->role);
}

// Areas from the simple to the involved: who mends the first ones has mended many of the others.
std::size_t area_rank(const std::string& area) {
  constexpr std::array<std::string_view, 6> kOrder = {"sanity", "segmentation",  "coalescing",
                                                      "length", "end_of_stream", "json_header"};
  return static_cast<std::size_t>(std::ranges::find(kOrder, area) - kOrder.begin());
}

using ReadingOrder = std::tuple<Verdict, bool, bool, std::size_t>;

ReadingOrder reading_order(const Finding& finding) {
  const std::size_t rank = area_rank(finding.example->facts.area);
  return {finding.verdict(), rank != 0, !finding.is_split(), rank};
}

}  // namespace

std::vector<Finding> findings_in_short(const RunResult& run) {
  // Those of one rank stay in the order of the run.
  std::multimap<ReadingOrder, Finding> all;
  for (Finding& finding : findings_of(run)) all.emplace(reading_order(finding), std::move(finding));
  std::vector<Finding> first_ones;
  for (auto& [order, finding] : all) {
    const auto same = std::ranges::find_if(
        first_ones, [&](const Finding& other) { return look_of(other) == look_of(finding); });
    if (same == first_ones.end()) {
      first_ones.push_back(std::move(finding));
    } else {
      same->alike.push_back(finding.example);
      if (!same->hint) same->hint = std::move(finding.hint);
    }
  }
  return first_ones;
}

std::string command_to_repeat(const RunResult& run, const DialectResult& dialect,
                              const std::string& id) {
  std::string command = fmt::format("{} run {} {} --dialect {}", shell_word(run.program),
                                    run.is_launched ? "--launch" : "--server",
                                    shell_word(run.testee), shell_word(dialect.option));
  const auto in_seconds = [](std::chrono::milliseconds time) {
    return std::chrono::duration<double>(time).count();
  };
  if (run.max_payload != kMaxPayloadDefault) {
    command += fmt::format(" --max-payload {}", run.max_payload);
  }
  if (run.frame_timeout) {
    command += fmt::format(" --frame-timeout {}", in_seconds(*run.frame_timeout));
  }
  if (run.time_limit != kTimeLimitDefault) {
    command += fmt::format(" --time-limit {}", in_seconds(run.time_limit));
  }
  if (run.is_launched && run.start_limit != kStartLimitDefault) {
    command += fmt::format(" --start-limit {}", in_seconds(run.start_limit));
  }
  // Only random segmentations depend on it.
  if (run.seed != kSeedDefault) command += fmt::format(" --seed {}", run.seed);
  if (run.accepts_paced) command += " --accept paced";
  if (run.suites != "built-in") command += fmt::format(" --suites {}", shell_word(run.suites));
  return command + fmt::format(" --filter {}", shell_word(id));
}

std::string ranges_of(const std::vector<std::uint64_t>& numbers) {
  std::string text;
  for (std::size_t index = 0; index < numbers.size();) {
    std::size_t last = index;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    if (!text.empty()) text += ", ";
    text += last == index ? fmt::format("{}", numbers[index])
                          : fmt::format("{}-{}", numbers[index], numbers[last]);
    index = last + 1;
  }
  return text;
}

}  // namespace framespec::conformance
