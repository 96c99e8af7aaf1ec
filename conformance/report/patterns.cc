#include "report/patterns.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>

#include "report/wire_view.h"

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

}  // namespace

Pattern pattern_of(const Dialect& dialect, Bytes stream, std::uint64_t size,
                   const std::vector<const PlanResult*>& variants) {
  Pattern pattern;
  std::vector<std::string>& sentences = pattern.sentences;
  const Family cuts = family(variants, "cut_at-");
  if (!cuts.failed.empty()) {
    auto [sentence, place] = cuts_in_common(cuts, wire_regions(dialect, stream, size));
    sentences.push_back(std::move(sentence));
    pattern.cut_place = std::move(place);
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
  const auto left_out = std::ranges::count_if(variants, [](const PlanResult* plan) {
    return plan->judgement.reason == kOthersFail || plan->judgement.reason == kOthersHang ||
           plan->judgement.reason == kOthersBreak;
  });
  if (left_out > 0) {
    sentences.push_back(fmt::format(
        "{} more were left out, as these fail already (--thorough runs all)", left_out));
  }
  return pattern;
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
