#include "outputs/html_areas.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

#include "outputs/xml_writer.h"

namespace framespec::conformance {
namespace {

/// What a bar tells apart, in the order in which it does.
enum class Part : std::uint8_t { kFailed, kMissed, kKnown, kOpen, kPassed, kNotRun };
struct PartName {
  std::string_view style;
  std::string_view head;
};
constexpr std::array<PartName, 6> kParts = {{{.style = "fail", .head = "✗ fails"},
                                             {.style = "nonstrict", .head = "! not strict"},
                                             {.style = "known", .head = "≈ known"},
                                             {.style = "open", .head = "? not judged"},
                                             {.style = "pass", .head = "✓ passes"},
                                             {.style = "notrun", .head = "– not run"}}};

struct Area {
  std::string_view name;
  std::array<std::size_t, kParts.size()> counts{};

  [[nodiscard]] std::size_t sum() const {
    std::size_t sum = 0;
    for (const std::size_t count : counts) sum += count;
    return sum;
  }
};

Part part_of(const PlanResult& plan) {
  if (plan.known_line) return Part::kKnown;
  switch (plan.judgement.verdict) {
    case Verdict::kFail:
      return Part::kFailed;
    case Verdict::kNonstrict:
    case Verdict::kInformational:
      return Part::kMissed;
    case Verdict::kPass:
      return Part::kPassed;
    case Verdict::kInconclusive:
    case Verdict::kError:
      return Part::kOpen;
    case Verdict::kUnimplemented:
    case Verdict::kNotRun:
      break;
  }
  return Part::kNotRun;
}

std::vector<Area> areas_of(const RunResult& run) {
  std::vector<Area> areas;
  for (const DialectResult& dialect : run.dialects) {
    for (const PlanResult& plan : dialect.plans) {
      auto found = std::ranges::find(areas, plan.facts.area, &Area::name);
      if (found == areas.end()) {
        found = areas.insert(areas.end(), Area{.name = plan.facts.area, .counts = {}});
      }
      ++found->counts[static_cast<std::size_t>(part_of(plan))];
    }
  }
  return areas;
}

/// A drawing without attributes of style, which the page's policy does not allow.
std::string bar_of(const Area& area) {
  constexpr double kWidth = 100;
  std::string text =
      "<svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" "
      "aria-hidden=\"true\">";
  double x = 0;
  for (std::size_t part = 0; part < kParts.size(); ++part) {
    if (area.counts[part] == 0) continue;
    const double width =
        kWidth * static_cast<double>(area.counts[part]) / static_cast<double>(area.sum());
    text += fmt::format("<rect class=\"{}\" x=\"{:.2f}\" width=\"{:.2f}\" height=\"10\"/>",
                        kParts[part].style, x, width);
    x += width;
  }
  return text + "</svg>";
}

}  // namespace

std::string areas_table(const RunResult& run) {
  const std::vector<Area> areas = areas_of(run);
  if (areas.empty()) return "<p>Nothing was run.</p>\n";
  std::array<std::size_t, kParts.size()> sums{};
  for (const Area& area : areas) {
    for (std::size_t part = 0; part < kParts.size(); ++part) sums[part] += area.counts[part];
  }
  std::string text =
      "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Areas\"><table "
      "class=\"areas\">\n<tr><th scope=\"col\">area</th><td class=\"bars\"></td>";
  for (std::size_t part = 0; part < kParts.size(); ++part) {
    if (sums[part] > 0) text += fmt::format("<th scope=\"col\">{}</th>", kParts[part].head);
  }
  text += "</tr>\n";
  for (const Area& area : areas) {
    text += fmt::format(
        "<tr><th scope=\"row\"><a href=\"#q=area:{0}\">{0}</a></th><td class=\"bars\">{1}</td>",
        xml_text(area.name), bar_of(area));
    for (std::size_t part = 0; part < kParts.size(); ++part) {
      if (sums[part] > 0) text += fmt::format("<td class=\"number\">{}</td>", area.counts[part]);
    }
    text += "</tr>\n";
  }
  return text + "</table></div>\n";
}

}  // namespace framespec::conformance
