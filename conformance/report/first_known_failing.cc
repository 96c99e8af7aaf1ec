#include "report/first_known_failing.h"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

#include "runner/case_group.h"
#include "suite/suite.h"

namespace framespec::conformance {
namespace {

using Checks = std::vector<const JudgedCheck*>;

/// What all of them begin and end with in whole words, and a star between; the text itself where
/// they are one.
std::string glob_over(std::span<const std::string_view> texts) {
  constexpr std::string_view kBetweenWords = "-_+";
  std::string_view begin = texts.front();
  std::string_view end = texts.front();
  for (const std::string_view text : texts) {
    while (!text.starts_with(begin)) begin.remove_suffix(1);
    while (!text.ends_with(end)) end.remove_prefix(1);
  }
  if (std::ranges::all_of(texts, [&](std::string_view text) { return text == begin; })) {
    return std::string(begin);
  }
  begin = begin.substr(0, begin.find_last_of(kBetweenWords) + 1);
  end = end.substr(std::min(end.find_first_of(kBetweenWords), end.size()));
  // Where a text has no room for both, a separator would have to be matched twice.
  const auto has_room = [&](std::string_view text) {
    return text.size() >= begin.size() + end.size();
  };
  if (!std::ranges::all_of(texts, has_room)) end = {};
  return std::string(begin) + "*" + std::string(end);
}

std::string glob_over(const Checks& checks) {
  constexpr std::array<std::size_t, 4> kParts = {0, 1, 2, 3};
  std::string glob;
  for (const std::size_t part : kParts) {
    std::vector<std::string_view> texts;
    for (const JudgedCheck* check : checks) texts.push_back(part_of_id(check->id, part));
    if (part > 0) glob += '/';
    glob += glob_over(texts);
  }
  return glob;
}

/// "cut_at" of "cut_at-3".
std::string_view family_of(const JudgedCheck& check) {
  const std::string_view segmentation = part_of_id(check.id, 2);
  return segmentation.substr(0, segmentation.find('-'));
}

std::string_view itself(const JudgedCheck& check) { return check.id; }

class Entries {
 public:
  explicit Entries(const std::vector<JudgedCheck>& all) : all_(all) {}

  /// Adds one for all of them, or one for each part of them that has a glob of its own.
  void add(const Checks& checks) { add_parts(checks, {&family_of, &itself}); }

  [[nodiscard]] std::vector<KnownFailure> take() { return std::move(entries_); }

 private:
  using PartOf = std::string_view (*)(const JudgedCheck& check);

  void add_parts(const Checks& checks, std::vector<PartOf> finer) {
    const FailureKind failure = *checks.front()->failure;
    std::string glob = glob_over(checks);
    if (finer.empty() || !holds_another(glob, failure)) {
      entries_.push_back({.cases = std::move(glob), .failure = failure});
      return;
    }
    const PartOf part_of = finer.front();
    finer.erase(finer.begin());
    std::vector<std::pair<std::string_view, Checks>> parts;  // in the order of the run
    for (const JudgedCheck* check : checks) {
      const std::string_view part = part_of(*check);
      auto found = std::ranges::find(parts, part, &std::pair<std::string_view, Checks>::first);
      if (found == parts.end()) found = parts.insert(parts.end(), {part, {}});
      found->second.push_back(check);
    }
    for (const auto& [name, part] : parts) add_parts(part, finer);
  }

  [[nodiscard]] bool holds_another(const std::string& glob, FailureKind failure) const {
    return std::ranges::any_of(all_, [&](const JudgedCheck& check) {
      return check.failure != failure && matches_glob(glob, check.id);
    });
  }

  const std::vector<JudgedCheck>& all_;
  std::vector<KnownFailure> entries_;
};

}  // namespace

std::vector<KnownFailure> first_known_failing(const std::vector<JudgedCheck>& checks) {
  // What is one finding, in one way.
  using Key = std::tuple<std::string_view, std::string_view, bool, FailureKind>;
  std::vector<Key> order;
  std::map<Key, Checks> groups;
  for (const JudgedCheck& check : checks) {
    if (!check.is_required || !check.failure || check.is_known) continue;
    const Key key{part_of_id(check.id, 1), check.case_key, check.is_split, *check.failure};
    const auto [found, is_new] = groups.try_emplace(key);
    if (is_new) order.push_back(key);
    // The sanity check comes twice.
    if (std::ranges::none_of(found->second,
                             [&](const JudgedCheck* other) { return other->id == check.id; })) {
      found->second.push_back(&check);
    }
  }
  Entries entries(checks);
  for (const Key& key : order) entries.add(groups[key]);
  return entries.take();
}

}  // namespace framespec::conformance
