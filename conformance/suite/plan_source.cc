#include <algorithm>
#include <charconv>
#include <utility>

#include "framespec/segmentation.h"
#include "suite/agreement.h"
#include "suite/case_compiler.h"
#include "suite/segmentation_family.h"
#include "suite/suite.h"
#include "suite/suite_case.h"

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

/// Whether `glob` can match an id that begins and ends like this, whatever stands between.
bool may_match(std::string_view glob, std::string_view start, std::string_view end) {
  const auto head = glob.substr(0, glob.find_first_of("*?"));
  const auto last = glob.find_last_of("*?");
  const auto tail = last == std::string_view::npos ? glob : glob.substr(last + 1);
  const auto common_head = std::min(head.size(), start.size());
  const auto common_tail = std::min(tail.size(), end.size());
  return head.substr(0, common_head) == start.substr(0, common_head) &&
         tail.substr(tail.size() - common_tail) == end.substr(end.size() - common_tail);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<std::uint64_t> read_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
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

}  // namespace

class PlanSource::Expansion {
 public:
  Expansion(SuiteSet suites, const Dialect& dialect, ExpandOptions options)
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
  }

  [[nodiscard]] Plan build(const PlanEntry& entry) const {
    auto compiled = compile_case(entry.suite_case->values[entry.value], dialect_, entry.stop_at);
    // Every entry was compiled once before it became one.
    auto plan = frame_of(entry);
    plan.steps = std::move(compiled->steps);
    return plan;
  }

  [[nodiscard]] std::expected<PlanEntry, std::string> find(std::string_view id) const;

  const SuiteSet suites_;
  const Dialect dialect_;
  const ExpandOptions options_;
  std::vector<PlanEntry> entries_;
  std::vector<NotApplicable> not_applicable_;

 private:
  [[nodiscard]] std::string id_of(const SuiteCase& suite_case, std::string_view segmentation,
                                  std::string_view name) const {
    return suite_case.area + "/" + dialect_.name + "/" + std::string(segmentation) + "/" +
           std::string(name);
  }

  [[nodiscard]] Plan frame_of(const PlanEntry& entry) const {
    const auto& suite_case = *entry.suite_case;
    const bool is_forced = entry.segmentation == kForcedCoalescing;
    return {.id = entry.id,
            .control_id = entry.control_id,
            .area = suite_case.area,
            .name = name_of(suite_case, entry.value, entry.stop_at),
            .title = suite_case.title,
            .why = suite_case.why,
            .rules = suite_case.rules,
            .level = suite_case.level,
            .dialect = &dialect_,
            .segmentation = is_forced ? std::string(kWhole) : entry.segmentation,
            .forced_coalescing = is_forced,
            .steps = {},
            .after = entry.after};
  }

  [[nodiscard]] PlanEntry entry_of(const SuiteCase& suite_case, std::size_t value,
                                   std::optional<std::uint64_t> stop_at,
                                   const CompiledCase& compiled,
                                   std::string_view segmentation) const {
    const auto name = name_of(suite_case, value, stop_at);
    const auto cuts = Segmentation::parse(segmentation, compiled.cut_size, compiled.frame_ends);
    return {.id = id_of(suite_case, segmentation, name),
            .control_id = id_of(suite_case, kWhole, name),
            .segmentation = std::string(segmentation),
            .suite_case = &suite_case,
            .value = value,
            .stop_at = stop_at,
            .size = compiled.cut_size,
            .segments = cuts ? cuts->segment_count() : 1,
            .is_exclusive = compiled.is_exclusive};
  }

  /// The control of a case; or why the case is not for this dialect, if the rules do not bear it
  /// out.
  [[nodiscard]] std::expected<PlanEntry, std::string> control_of(
      const SuiteCase& suite_case, std::size_t value, std::optional<std::uint64_t> stop_at,
      const CompiledCase& compiled) const {
    auto entry = entry_of(suite_case, value, stop_at, compiled, kWhole);
    auto plan = frame_of(entry);
    plan.steps = compiled.steps;
    const auto agreement = check_agreement(plan);
    if (agreement.disagreement) {
      return std::unexpected("it does not hold for this dialect: " + *agreement.disagreement);
    }
    entry.after = agreement.is_main_open ? After::kMainOpen : After::kMainEnded;
    return entry;
  }

  void reject(const SuiteCase& suite_case, std::size_t value, std::string reason) {
    const auto id = id_of(suite_case, "*", name_of(suite_case, value, std::nullopt));
    not_applicable_.push_back({id, std::move(reason)});
  }

  /// Whether a filter can let a plan of this case through: to build the bytes of all others costs
  /// time.
  [[nodiscard]] bool is_wanted(const SuiteCase& suite_case, std::size_t value) const {
    if (options_.filters.empty()) return true;
    const auto start = suite_case.area + "/" + dialect_.name + "/";
    const auto end = stops_of(suite_case.values[value])
                         ? std::string()
                         : "/" + name_of(suite_case, value, std::nullopt);
    return std::ranges::any_of(
        options_.filters, [&](const std::string& glob) { return may_match(glob, start, end); });
  }

  void expand(const SuiteCase& suite_case) {
    for (std::size_t value = 0; value < suite_case.values.size(); ++value) {
      if (!is_wanted(suite_case, value)) continue;
      if (dialect_.requests == RequestFraming::kRaw) {
        reject(suite_case, value, "its requests are not framed");
      } else if (auto unmet = unmet_condition(suite_case.conditions, dialect_)) {
        reject(suite_case, value, *std::move(unmet));
      } else if (const auto compiled = compile_case(suite_case.values[value], dialect_);
                 !compiled) {
        reject(suite_case, value, compiled.error());
      } else {
        expand(suite_case, value, *compiled);
      }
    }
  }

  void expand(const SuiteCase& suite_case, std::size_t value, const CompiledCase& compiled) {
    const auto most = stops_of(suite_case.values[value]);
    if (!most) return add_all(suite_case, value, std::nullopt, compiled);
    for (const auto at : stops(compiled.shape(), *most)) {
      const auto stopped = compile_case(suite_case.values[value], dialect_, at);
      if (stopped) add_all(suite_case, value, at, *stopped);
    }
  }

  void add_all(const SuiteCase& suite_case, std::size_t value, std::optional<std::uint64_t> stop_at,
               const CompiledCase& compiled) {
    auto control = control_of(suite_case, value, stop_at, compiled);
    if (!control) return reject(suite_case, value, std::move(control.error()));
    const auto after = control->after;
    add(*std::move(control));
    for (const auto& name :
         segmentation_names(suite_case.segmentations, compiled.shape(), options_.seed)) {
      auto entry = entry_of(suite_case, value, stop_at, compiled, name);
      entry.after = after;
      add(std::move(entry));
    }
  }

  void add(PlanEntry entry) {
    if (entry.segments > kSegmentsMax) return;
    if (!options_.filters.empty() && !matches_any(options_.filters, entry.id)) return;
    if (matches_any(options_.excludes, entry.id)) return;
    entries_.push_back(std::move(entry));
  }

  void add_named_by_filters() {
    for (const auto& filter : options_.filters) {
      if (filter.find_first_of("*?") != std::string::npos) continue;
      if (std::ranges::find(entries_, filter, &PlanEntry::id) != entries_.end()) continue;
      if (auto entry = find(filter)) entries_.push_back(*std::move(entry));
    }
  }

  struct Place {
    const SuiteCase* suite_case;
    std::size_t value;
    std::optional<std::uint64_t> stop_at;
  };
  [[nodiscard]] std::expected<Place, std::string> find_case(std::string_view area,
                                                            std::string_view name) const;
};

/// NAME, NAME-VALUE, NAME-OFFSET or NAME-VALUE-OFFSET; NAME alone stands for its first value.
std::expected<PlanSource::Expansion::Place, std::string> PlanSource::Expansion::find_case(
    std::string_view area, std::string_view name) const {
  const auto suite = std::ranges::find(suites_.suites(), area, &Suite::area);
  if (suite == suites_.suites().end())
    return std::unexpected("there is no area \"" + std::string(area) + "\"");
  auto parts = split(name, '-');
  const auto unknown = [&] {
    return std::unexpected("there is no case \"" + std::string(name) + "\" in the area \"" +
                           std::string(area) + "\"");
  };
  const auto found = std::ranges::find(suite->cases, parts.front(), &SuiteCase::name);
  if (found == suite->cases.end()) return unknown();
  parts.erase(parts.begin());
  Place place{&*found, 0, std::nullopt};
  if (!found->values.front().name.empty()) {
    if (parts.empty() && !stops_of(found->values.front())) return place;
    if (parts.empty()) return unknown();
    const auto value = std::ranges::find(found->values, parts.front(), &CaseValue::name);
    if (value == found->values.end()) return unknown();
    place.value = static_cast<std::size_t>(value - found->values.begin());
    parts.erase(parts.begin());
  }
  if (stops_of(found->values[place.value])) {
    place.stop_at = parts.empty() ? std::nullopt : read_number(parts.front());
    if (!place.stop_at) return unknown();
    parts.erase(parts.begin());
  }
  if (!parts.empty()) return unknown();
  return place;
}

std::expected<PlanEntry, std::string> PlanSource::Expansion::find(std::string_view id) const {
  const auto parts = split(id, '/');
  if (parts.size() != 4) {
    return std::unexpected("an id has the form area/dialect/segmentation/name, and \"" +
                           std::string(id) + "\" has not");
  }
  if (parts[1] != dialect_.name) {
    return std::unexpected("the dialect here is \"" + dialect_.name + "\", not \"" +
                           std::string(parts[1]) + "\"");
  }
  const auto place = find_case(parts[0], parts[3]);
  if (!place) return std::unexpected(place.error());
  const auto not_for = [&](const std::string& reason) {
    return std::unexpected("this case does not apply to the dialect \"" + dialect_.name +
                           "\": " + reason);
  };
  if (auto unmet = unmet_condition(place->suite_case->conditions, dialect_)) return not_for(*unmet);
  const auto compiled =
      compile_case(place->suite_case->values[place->value], dialect_, place->stop_at);
  if (!compiled) return not_for(compiled.error());
  const auto control = control_of(*place->suite_case, place->value, place->stop_at, *compiled);
  if (!control) return not_for(control.error());
  if (parts[2] != kForcedCoalescing) {
    const auto cuts = Segmentation::parse(parts[2], compiled->cut_size, compiled->frame_ends);
    if (!cuts) return std::unexpected(cuts.error());
  }
  auto entry = entry_of(*place->suite_case, place->value, place->stop_at, *compiled, parts[2]);
  entry.after = control->after;
  return entry;
}

PlanSource::PlanSource(SuiteSet suites, const Dialect& dialect, ExpandOptions options)
    : expansion_(std::make_unique<Expansion>(std::move(suites), dialect, std::move(options))) {}
PlanSource::~PlanSource() = default;
PlanSource::PlanSource(PlanSource&&) noexcept = default;
PlanSource& PlanSource::operator=(PlanSource&&) noexcept = default;

std::span<const PlanEntry> PlanSource::entries() const noexcept { return expansion_->entries_; }
std::span<const NotApplicable> PlanSource::not_applicable() const noexcept {
  return expansion_->not_applicable_;
}
const Dialect& PlanSource::dialect() const noexcept { return expansion_->dialect_; }
Plan PlanSource::build(const PlanEntry& entry) const { return expansion_->build(entry); }

std::expected<Plan, std::string> PlanSource::build(std::string_view id) const {
  const auto entry = expansion_->find(id);
  if (!entry) return std::unexpected(entry.error());
  return expansion_->build(*entry);
}

}  // namespace framespec::conformance
