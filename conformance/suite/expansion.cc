#include "suite/expansion.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "framespec/segmentation.h"
#include "suite/agreement.h"
#include "suite/conditions.h"
#include "suite/segmentation_family.h"

namespace framespec::conformance {
namespace {

constexpr std::string_view kWhole = "whole";
// A testee that takes more segments than this in one plan shows nothing new.
constexpr std::uint64_t kSegmentsMax = 200'000;

bool matches_any(const std::vector<std::string>& globs, std::string_view id) {
  return std::ranges::any_of(globs,
                             [&](const std::string& glob) { return matches_glob(glob, id); });
}

std::string name_of(const SuiteCase& suite_case, std::size_t value,
                    std::optional<std::uint64_t> stop_at) {
  auto name = suite_case.name;
  if (const auto& value_name = suite_case.values[value].name; !value_name.empty())
    name += "-" + value_name;
  if (stop_at) name += "-" + std::to_string(*stop_at);
  return name;
}

/// Whether `glob` can match an id that begins like this, and ends like that if it is known: between
/// them is the name of a segmentation, which has no slash.
bool may_match(std::string_view glob, std::string_view start,
               const std::optional<std::string>& end) {
  for (std::size_t behind = 0; behind <= glob.size(); ++behind) {
    if (!matches_glob(glob.substr(0, behind), start)) continue;
    if (!end) return true;
    auto rest = behind;
    // A star that the start ends in goes on behind it.
    while (rest > 0 && glob[rest - 1] == '*') --rest;
    for (const auto slash = std::min(glob.find('/', rest), glob.size()); rest <= slash; ++rest) {
      if (matches_glob(glob.substr(rest), *end)) return true;
    }
  }
  return false;
}

/// Where a stream is cut off: everywhere, or near the edges of its fields and at even distances.
std::vector<std::uint64_t> stops(const StreamShape& shape, std::size_t most) {
  std::vector<std::uint64_t> all;
  for (std::uint64_t at = 0; at <= shape.size; ++at) all.push_back(at);
  if (all.size() <= most) return all;
  std::vector<std::uint64_t> chosen;
  for (const auto edge : shape.field_edges) {
    for (const auto at : {edge - 1, edge, edge + 1}) {
      if (at <= shape.size) chosen.push_back(at);
    }
  }
  const auto rest = most > chosen.size() + 2 ? most - chosen.size() : 2;
  for (const auto at : thinned(all, rest)) chosen.push_back(at);
  std::ranges::sort(chosen);
  chosen.erase(std::ranges::unique(chosen).begin(), chosen.end());
  return chosen;
}

Arrival arrival_of(const PlanEntry& entry, const Send& send) {
  Arrival arrival{.cuts = {},
                  .is_coalesced = entry.segmentation == kForcedCoalescing,
                  .is_with_end = has_end(entry.segmentation)};
  if (arrival.is_coalesced) return arrival;
  // Every entry's name was read once before it became one.
  const auto cut =
      Segmentation::parse(without_end(entry.segmentation), send.bytes.size(), send.frame_ends);
  if (cut) arrival.cuts.assign(cut->cuts().begin(), cut->cuts().end());
  return arrival;
}

}  // namespace

PlanSource::Expansion::Expansion(SuiteSet suites, const Dialect& dialect, ExpandOptions options)
    : suites_(std::move(suites)),
      dialect_(options.payload_max ? dialect.with_payload_limit(*options.payload_max).value()
                                   : dialect),
      options_(std::move(options)) {
  for (const auto& suite : suites_.suites()) {
    for (const auto& suite_case : suite.cases) {
      if (suite_case.level <= options_.level) expand(suite_case);
    }
  }
  add_named_by_filters();
  add_open();
  if (!options_.shard) return;
  of_all_shards_ = entries_;
  std::erase_if(entries_,
                [this](const PlanEntry& entry) { return !is_in_shard(*entry.suite_case); });
}

Plan PlanSource::Expansion::build(const PlanEntry& entry) const {
  auto compiled =
      compile_case(entry.suite_case->values[entry.value], dialect_, options(entry.stop_at));
  // Every entry was compiled once before it became one.
  auto plan = frame_of(entry);
  plan.steps = std::move(compiled->steps);
  for (Step& step : plan.steps) {
    auto* const send = std::get_if<Send>(&step.action);
    if (send != nullptr && send->arrival) send->arrival = arrival_of(entry, *send);
  }
  return plan;
}

CompileOptions PlanSource::Expansion::options(std::optional<std::uint64_t> stop_at) const {
  return {.stop_at = stop_at,
          .frame_timeout = options_.frame_timeout.value_or(std::chrono::milliseconds(0))};
}

std::string PlanSource::Expansion::why_not_run(const SuiteCase& suite_case,
                                               std::size_t value) const {
  if (needs_frame_timeout(suite_case.values[value]) && !options_.frame_timeout) {
    return std::string(kFrameTimeoutUnknown);
  }
  if (options_.newest_cases && suite_case.since > options_.newest_cases) {
    return "it came with " + to_string(*suite_case.since) + ", and the cases of " +
           to_string(*options_.newest_cases) + " are asked for (--cases)";
  }
  if (suite_case.is_long && !options_.with_long) return "it takes long (--thorough runs it)";
  return {};
}

std::string PlanSource::Expansion::id_of(const SuiteCase& suite_case, std::string_view segmentation,
                                         std::string_view name) const {
  return suite_case.area + "/" + dialect_.name + "/" + std::string(segmentation) + "/" +
         std::string(name);
}

Plan PlanSource::Expansion::frame_of(const PlanEntry& entry) const {
  const auto& suite_case = *entry.suite_case;
  const bool is_forced = entry.segmentation == kForcedCoalescing;
  return {.id = entry.id,
          .control_id = entry.control_id,
          .area = suite_case.area,
          .name = name_of(suite_case, entry.value, entry.stop_at),
          .title = suite_case.title,
          .why = suite_case.why,
          .remedy = suite_case.remedy,
          .rules = suite_case.rules,
          .level = suite_case.level,
          .since = suite_case.since,
          .dialect = &dialect_,
          .segmentation = std::string(is_forced ? kWhole : without_end(entry.segmentation)),
          .steps = {},
          .after = entry.after};
}

PlanEntry PlanSource::Expansion::entry_of(const SuiteCase& suite_case, std::size_t value,
                                          std::optional<std::uint64_t> stop_at,
                                          const CompiledCase& compiled,
                                          std::string_view segmentation) const {
  const auto name = name_of(suite_case, value, stop_at);
  const auto cuts =
      Segmentation::parse(without_end(segmentation), compiled.cut_size, compiled.frame_ends);
  return {.id = id_of(suite_case, segmentation, name),
          .control_id = id_of(suite_case, kWhole, name),
          .segmentation = std::string(segmentation),
          .suite_case = &suite_case,
          .value = value,
          .stop_at = stop_at,
          .size = compiled.cut_size,
          .segments = cuts ? cuts->segment_count() : 1,
          .not_run = why_not_run(suite_case, value),
          .is_exclusive = compiled.is_exclusive};
}

std::expected<PlanEntry, NotFor> PlanSource::Expansion::control_of(
    const SuiteCase& suite_case, std::size_t value, std::optional<std::uint64_t> stop_at,
    const CompiledCase& compiled) const {
  auto entry = entry_of(suite_case, value, stop_at, compiled, kWhole);
  const bool is_fixed_value = is_fixed(suite_case.values[value]);
  const Agreement agreement =
      is_fixed_value ? Agreement{} : check_agreement(dialect_, compiled.steps);
  if (agreement.disagreement) {
    return std::unexpected(
        NotFor{.reason = "it does not hold for this dialect: " + *agreement.disagreement,
               .is_lost = true});
  }
  entry.after = after_of(compiled.steps, agreement.is_main_open);
  return entry;
}

void PlanSource::Expansion::reject(const SuiteCase& suite_case, std::size_t value, NotFor why) {
  // No check of it was there to be left open.
  if (options_.open) return;
  const auto name = name_of(suite_case, value, std::nullopt);
  auto id = id_of(suite_case, "*", name);
  const auto control_id = id_of(suite_case, kWhole, name);
  if (matches_any(options_.excludes, control_id)) return;
  // A filter that only might have let one of its plans through has lost nothing by it.
  const bool is_asked_for = options_.filters.empty() || matches_any(options_.filters, control_id);
  const auto place = next_place(not_applicable_seen_);
  if (!is_in_shard(suite_case)) return;
  not_applicable_.push_back(
      {std::move(id), std::move(why.reason), why.is_lost && is_asked_for, place});
}

std::optional<std::string> PlanSource::Expansion::unmet_condition(const SuiteCase& suite_case,
                                                                  std::size_t value) const {
  if (options_.side) {
    if (auto unmet = unmet_by_side(suite_case, suite_case.values[value], *options_.side)) {
      return unmet;
    }
  }
  return unmet_by_dialect(suite_case.conditions, dialect_);
}

bool PlanSource::Expansion::is_wanted(const SuiteCase& suite_case, std::size_t value) const {
  if (options_.filters.empty()) return true;
  const auto start = suite_case.area + "/" + dialect_.name + "/";
  std::optional<std::string> end;
  if (!stops_of(suite_case.values[value])) end = "/" + name_of(suite_case, value, std::nullopt);
  return std::ranges::any_of(options_.filters,
                             [&](const std::string& glob) { return may_match(glob, start, end); });
}

void PlanSource::Expansion::expand(const SuiteCase& suite_case) {
  for (std::size_t value = 0; value < suite_case.values.size(); ++value) {
    if (!is_wanted(suite_case, value)) continue;
    if (dialect_.requests == RequestFraming::kRaw && !is_fixed(suite_case.values[value])) {
      reject(suite_case, value, {.reason = "its requests are not framed"});
    } else if (auto unmet = unmet_condition(suite_case, value)) {
      // In all its places for the same reason.
      if (!suite_case.values[value].is_placed) {
        reject(suite_case, value, {.reason = *std::move(unmet)});
      }
    } else if (const auto compiled = compile_case(suite_case.values[value], dialect_, options());
               !compiled) {
      reject(suite_case, value, compiled.error());
    } else {
      expand(suite_case, value, *compiled);
    }
  }
}

void PlanSource::Expansion::expand(const SuiteCase& suite_case, std::size_t value,
                                   const CompiledCase& compiled) {
  const auto most = stops_of(suite_case.values[value]);
  if (!most) return add_all(suite_case, value, std::nullopt, compiled);
  for (const auto at : stops(compiled.shape(), *most)) {
    const auto stopped = compile_case(suite_case.values[value], dialect_, options(at));
    if (stopped) add_all(suite_case, value, at, *stopped);
  }
}

std::vector<std::string> PlanSource::Expansion::segmentations_of(
    const SuiteCase& suite_case, std::size_t value, const CompiledCase& compiled) const {
  static const std::vector<SegmentationFamily> kOfPlaced = {{"byte_by_byte", 1}};
  const CaseValue& one = suite_case.values[value];
  const auto& families = one.segmentations.empty() ? suite_case.segmentations : one.segmentations;
  const bool is_placed = one.is_placed && !families.empty();
  return segmentation_names(is_placed ? kOfPlaced : families, compiled.shape(), options_.seed);
}

void PlanSource::Expansion::add_all(const SuiteCase& suite_case, std::size_t value,
                                    std::optional<std::uint64_t> stop_at,
                                    const CompiledCase& compiled) {
  auto control = control_of(suite_case, value, stop_at, compiled);
  if (!control) return reject(suite_case, value, std::move(control.error()));
  const auto after = control->after;
  add(*std::move(control));
  note_cuts_left_out(suite_case, value, compiled);
  for (const auto& name : segmentations_of(suite_case, value, compiled)) {
    auto entry = entry_of(suite_case, value, stop_at, compiled, name);
    entry.after = after;
    add(std::move(entry));
  }
}

void PlanSource::Expansion::note_cuts_left_out(const SuiteCase& suite_case, std::size_t value,
                                               const CompiledCase& compiled) {
  if (!options_.filters.empty() || options_.open || compiled.cut_size == 0) return;
  const auto& families = suite_case.values[value].segmentations;
  const auto every = std::ranges::find(families, "every_cut", &SegmentationFamily::name);
  const std::uint64_t all = compiled.cut_size - 1;
  if (every == families.end() || all <= every->members_max) return;
  const auto place = next_place(cuts_left_out_seen_);
  if (!is_in_shard(suite_case)) return;
  cuts_left_out_.push_back({.name = name_of(suite_case, value, std::nullopt),
                            .left_out = all - every->members_max,
                            .of = all,
                            .place = place});
}

bool PlanSource::Expansion::is_in_shard(const SuiteCase& suite_case) const {
  return !options_.shard || options_.shard->holds(suite_case.area, dialect_.name, suite_case.name);
}

std::optional<std::uint64_t> PlanSource::Expansion::next_place(std::uint64_t& seen) const {
  if (!options_.shard) return std::nullopt;
  return seen++;
}

void PlanSource::Expansion::add(PlanEntry entry) {
  if (entry.segments > kSegmentsMax) return;
  if (!options_.filters.empty() && !matches_any(options_.filters, entry.id)) return;
  if (matches_any(options_.excludes, entry.id)) return;
  if (options_.open && !options_.open->holds(entry.id)) return;
  entries_.push_back(std::move(entry));
}

void PlanSource::Expansion::run_if_only_long(PlanEntry& entry) const {
  if (!needs_frame_timeout(entry.suite_case->values[entry.value]) || options_.frame_timeout) {
    entry.not_run.clear();
  }
}

/// Segmentations that are not listed, but were asked for by their ids.
void PlanSource::Expansion::add_open() {
  if (!options_.open || !options_.filters.empty()) return;
  std::set<std::string_view> listed;
  for (const PlanEntry& entry : entries_) listed.insert(entry.id);
  std::vector<PlanEntry> others;
  for (const std::string& id : options_.open->open) {
    if (listed.contains(id) || matches_any(options_.excludes, id)) continue;
    auto entry = find(id);
    if (entry && entry->suite_case->level <= options_.level) others.push_back(*std::move(entry));
  }
  std::ranges::move(others, std::back_inserter(entries_));
}

void PlanSource::Expansion::add_named_by_filters() {
  for (const auto& filter : options_.filters) {
    if (filter.find_first_of("*?") != std::string::npos) continue;
    const auto listed = std::ranges::find(entries_, filter, &PlanEntry::id);
    if (listed != entries_.end()) {
      run_if_only_long(*listed);
    } else if (auto entry = find(filter)) {
      entry->not_run.clear();
      entries_.push_back(*std::move(entry));
    }
  }
}

}  // namespace framespec::conformance
