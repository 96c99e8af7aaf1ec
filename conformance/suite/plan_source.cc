#include <algorithm>
#include <charconv>
#include <utility>

#include "framespec/segmentation.h"
#include "suite/expansion.h"
#include "suite/segmentation_family.h"

namespace framespec::conformance {
namespace {

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

}  // namespace

/// NAME, NAME-VALUE, NAME-OFFSET or NAME-VALUE-OFFSET; NAME alone stands for its first value.
std::expected<PlanSource::Expansion::FoundCase, std::string> PlanSource::Expansion::find_case(
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
  FoundCase place{&*found, 0, std::nullopt};
  if (parts.empty() && !stops_of(found->values.front())) return place;
  const auto value = parts.empty()
                         ? found->values.end()
                         : std::ranges::find(found->values, parts.front(), &CaseValue::name);
  if (value != found->values.end()) {
    place.value = static_cast<std::size_t>(value - found->values.begin());
    parts.erase(parts.begin());
  } else if (!found->values.front().name.empty()) {
    return unknown();
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
  if (auto unmet = unmet_condition(*place->suite_case, place->value)) return not_for(*unmet);
  if (needs_frame_timeout(place->suite_case->values[place->value]) && !options_.frame_timeout) {
    return std::unexpected(std::string(kFrameTimeoutUnknown));
  }
  const auto compiled =
      compile_case(place->suite_case->values[place->value], dialect_, options(place->stop_at));
  if (!compiled) return not_for(compiled.error().reason);
  const auto control = control_of(*place->suite_case, place->value, place->stop_at, *compiled);
  if (!control) return not_for(control.error().reason);
  if (parts[2] != kForcedCoalescing) {
    if (has_end(parts[2]) && !compiled->ends_behind_cut()) {
      return std::unexpected(
          "the stream does not end behind the step that is cut, so that its end "
          "cannot come with the last bytes");
    }
    const auto cuts =
        Segmentation::parse(without_end(parts[2]), compiled->cut_size, compiled->frame_ends);
    if (!cuts) return std::unexpected(cuts.error());
  }
  auto entry = entry_of(*place->suite_case, place->value, place->stop_at, *compiled, parts[2]);
  entry.after = control->after;
  return entry;
}

std::string to_string(const CutsLeftOut& cuts) {
  return cuts.name + " is too long for a cut at each byte: " + std::to_string(cuts.left_out) +
         " of " + std::to_string(cuts.of) + " cuts are left out";
}

PlanSource::PlanSource(SuiteSet suites, const Dialect& dialect, ExpandOptions options)
    : expansion_(std::make_unique<Expansion>(std::move(suites), dialect, std::move(options))) {}
PlanSource::~PlanSource() = default;
PlanSource::PlanSource(PlanSource&&) noexcept = default;
PlanSource& PlanSource::operator=(PlanSource&&) noexcept = default;

std::span<const PlanEntry> PlanSource::entries() const noexcept { return expansion_->entries_; }
std::span<const PlanEntry> PlanSource::entries_of_all_shards() const noexcept {
  return is_sharded() ? expansion_->of_all_shards_ : expansion_->entries_;
}
bool PlanSource::is_sharded() const noexcept { return expansion_->options_.shard.has_value(); }
std::span<const NotApplicable> PlanSource::not_applicable() const noexcept {
  return expansion_->not_applicable_;
}
std::span<const CutsLeftOut> PlanSource::cuts_left_out() const noexcept {
  return expansion_->cuts_left_out_;
}
const Dialect& PlanSource::dialect() const noexcept { return expansion_->dialect_; }
Plan PlanSource::build(const PlanEntry& entry) const { return expansion_->build(entry); }

std::expected<Plan, std::string> PlanSource::build(std::string_view id) const {
  const auto entry = expansion_->find(id);
  if (!entry) return std::unexpected(entry.error());
  return expansion_->build(*entry);
}

}  // namespace framespec::conformance
