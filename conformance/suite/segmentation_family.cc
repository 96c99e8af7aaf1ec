#include "suite/segmentation_family.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>
#include <utility>

#include "framespec/segmentation.h"
#include "suite/size_expression.h"

namespace framespec::conformance {
namespace {

struct Family {
  std::string_view name;
  std::size_t members_max;  // where no number stands behind it
};
constexpr std::size_t kMembersMax = 100'000;
constexpr std::array<Family, 5> kFamilies = {{{"every_cut", kMembersMax},
                                              {"every_pair", kMembersMax},
                                              {"every_chunk", kMembersMax},
                                              {"field_cuts", kMembersMax},
                                              {"random", 8}}};
// A single cut at every offset of a long stream would be thought of before it is thinned out.
constexpr std::uint64_t kEveryOffsetMax = std::uint64_t{1} << 16U;

/// Frames for names that need to know where they end, and a stream longer than any that is sent;
/// only to see whether a name is well formed.
constexpr std::array<std::uint64_t, 3> kSampleFrameEnds = {100, 200, 300};
constexpr std::uint64_t kSampleSizeMax = 1'000'000'000;

std::vector<std::uint64_t> offsets(std::uint64_t first, std::uint64_t end) {
  // Of a long stream both ends are enough: thinning keeps them, and a few of the rest.
  std::vector<std::uint64_t> result;
  const std::uint64_t step = std::max<std::uint64_t>(1, (end - first) / kEveryOffsetMax);
  for (std::uint64_t at = first; at < end; at += at < first + 1024 || at + 1024 >= end ? 1 : step) {
    result.push_back(at);
  }
  return result;
}

/// Every offset inside a prefix, and those beside every other edge.
std::vector<std::uint64_t> near_edges(const StreamShape& shape) {
  std::set<std::uint64_t> result;
  for (std::size_t i = 0; i < shape.field_edges.size(); ++i) {
    const auto edge = shape.field_edges[i];
    for (const auto at : {edge - 1, edge, edge + 1}) {
      if (at > 0 && at < shape.size) result.insert(at);
    }
    const auto next = i + 1 < shape.field_edges.size() ? shape.field_edges[i + 1] : edge;
    if (next - edge > kLeadSizeMax + kLengthSizeMax) {
      result.insert(edge + (next - edge) / 2);
      continue;
    }
    for (auto at = edge + 1; at < next; ++at) result.insert(at);
  }
  return {result.begin(), result.end()};
}

std::vector<std::string> named(std::string_view stem, const std::vector<std::uint64_t>& values) {
  std::vector<std::string> names;
  names.reserve(values.size());
  for (const auto value : values) names.push_back(std::string(stem) + std::to_string(value));
  return names;
}

std::vector<std::string> pairs(std::uint64_t size, std::size_t most) {
  // As many single cuts as make about `most` pairs, so that no list of all pairs is ever needed.
  std::size_t singles = 2;
  while (singles * (singles + 1) / 2 <= most) ++singles;
  const auto cuts = thinned(offsets(1, size), singles);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    for (std::size_t j = i + 1; j < cuts.size(); ++j) {
      names.push_back("cuts-" + std::to_string(cuts[i]) + "-" + std::to_string(cuts[j]));
    }
  }
  return names;
}

std::vector<std::string> members(const SegmentationFamily& family, const StreamShape& shape,
                                 std::uint64_t seed) {
  if (has_end(family.name)) {
    auto names = members({std::string(without_end(family.name)), family.members_max}, shape, seed);
    for (auto& name : names) name += kWithEnd;
    return names;
  }
  const auto most = family.members_max;
  if (family.name == "every_cut") return named("cut_at-", thinned(offsets(1, shape.size), most));
  if (family.name == "field_cuts") return named("cut_at-", thinned(near_edges(shape), most));
  if (family.name == "every_pair") return pairs(shape.size, most);
  if (family.name == "every_chunk") {
    const auto largest = std::min<std::uint64_t>(shape.size, kEveryOffsetMax);
    return named("chunk-", thinned(offsets(2, largest), most));
  }
  if (family.name == "random") {
    std::vector<std::string> names;
    names.reserve(most);
    for (std::size_t i = 0; i < most; ++i) names.push_back("random-" + std::to_string(seed + i));
    return names;
  }
  return {family.name};
}

bool is_of_use(const std::string& name, const StreamShape& shape) {
  if (name == kForcedCoalescing) return shape.size > 1 && shape.size <= kForcedCoalescingSizeMax;
  const auto segmentation = Segmentation::parse(without_end(name), shape.size, shape.frame_ends);
  if (!segmentation) return false;
  if (!has_end(name)) return segmentation->segment_count() > 1;
  const auto cuts = segmentation->cuts();
  const auto last = shape.size - (cuts.empty() ? 0 : cuts.back());
  return last > 0 && last <= kForcedCoalescingSizeMax;
}

bool is_single(std::string_view name) {
  if (name == "whole") return false;
  if (name == kForcedCoalescing) return true;
  std::size_t digits = 0;
  for (const char c : name) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits > kNumberDigitsMax) return false;
  }
  const auto size = name.starts_with("cut") ? kSampleSizeMax : kSampleFrameEnds.back();
  return Segmentation::parse(name, size, kSampleFrameEnds).has_value();
}

/// The N of "*N", which is written without a leading zero.
std::optional<std::size_t> members_of(std::string_view digits) {
  std::size_t value = 0;
  const auto* end = digits.data() + digits.size();
  const auto [stop, failure] = std::from_chars(digits.data(), end, value);
  const bool is_number = failure == std::errc{} && stop == end && !digits.starts_with('0');
  return is_number && value >= 2 && value <= kMembersMax ? std::optional(value) : std::nullopt;
}

}  // namespace

std::vector<std::uint64_t> thinned(const std::vector<std::uint64_t>& values, std::size_t most) {
  if (values.size() <= most) return values;
  const std::size_t quarter = std::max<std::size_t>(1, most / 4);
  const std::size_t middle = most - 2 * quarter;
  std::vector<std::uint64_t> result(values.begin(),
                                    values.begin() + static_cast<std::ptrdiff_t>(quarter));
  const std::size_t gap = values.size() - 2 * quarter;
  for (std::size_t i = 0; i < middle; ++i)
    result.push_back(values[quarter + (2 * i + 1) * gap / (2 * middle)]);
  result.insert(result.end(), values.end() - static_cast<std::ptrdiff_t>(quarter), values.end());
  return result;
}

std::expected<SegmentationFamily, std::string> parse_segmentation_family(std::string_view text) {
  if (has_end(text) && without_end(text) != kForcedCoalescing && !has_end(without_end(text))) {
    if (without_end(text) == "whole") return SegmentationFamily{std::string(text), 1};
    auto family = parse_segmentation_family(without_end(text));
    if (family) family->name += kWithEnd;
    if (family) return family;
  }
  const auto star = text.find('*');
  const auto name = text.substr(0, star);
  if (const auto* family = std::ranges::find(kFamilies, name, &Family::name);
      family != kFamilies.end()) {
    const auto most = star == std::string_view::npos ? std::optional(family->members_max)
                                                     : members_of(text.substr(star + 1));
    if (most) return SegmentationFamily{std::string(name), *most};
  } else if (is_single(text)) {
    return SegmentationFamily{std::string(text), 1};
  }
  return std::unexpected(
      "\"" + std::string(text) +
      "\" is not allowed; allowed are every_cut, every_pair, every_chunk, "
      "field_cuts and random, each "
      "also with *N behind it for at most N (2 to 100000) members, and "
      "forced_coalescing, straddled, "
      "coalesced-N, byte_by_byte, chunk-N, cut_at-N, cuts-N-M (ascending) and "
      "random-N; \"whole\" is always there. With +end behind it, which whole may "
      "have and "
      "forced_coalescing not, the end of the stream comes with the last bytes");
}

std::vector<std::string> segmentation_names(std::span<const SegmentationFamily> families,
                                            const StreamShape& shape, std::uint64_t seed) {
  std::vector<std::string> names;
  std::set<std::string> seen;
  for (const auto& family : families) {
    for (auto& name : members(family, shape, seed)) {
      if (seen.contains(name) || !is_of_use(name, shape)) continue;
      seen.insert(name);
      names.push_back(std::move(name));
    }
  }
  return names;
}

}  // namespace framespec::conformance
