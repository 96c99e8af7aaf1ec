#include "report/scene_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>
#include <vector>

#include "phenomena/duration_text.h"

namespace framespec::conformance {
namespace {

using phenomena::Passage;
using phenomena::Who;

constexpr std::size_t kTimeColumns = 13;  ///< with what stands before and behind
constexpr std::size_t kArrowColumns = 7;  ///< the same
constexpr std::chrono::milliseconds kStall{10};

class SceneText {
 public:
  SceneText(const Style& style, std::size_t columns)
      : style_(style), columns_(columns), lane_((columns - kTimeColumns - kArrowColumns) / 2) {}

  std::string draw(const phenomena::Scene& scene) {
    text_ = wrapped(fmt::format("  {}\n", style_.paint(Colour::kBold, scene.title)),
                    Style::coloured(columns_), 2);
    add_row(style_.paint(Colour::kDim, fmt::format("{:>11}", "ms")), scene.left, "", scene.right);
    std::chrono::nanoseconds before{0};
    bool is_any_held = false;
    for (const phenomena::Step& step : scene.steps) {
      if (step.at - before >= kStall) add_stall(step.at - before);
      before = step.at;
      add_step(step);
      is_any_held = is_any_held || step.passage == Passage::kHeld;
    }
    if (is_any_held) {
      text_ += fmt::format("        {}  {}\n", style_.paint(Colour::kYellow, "──┤"),
                           style_.paint(Colour::kDim, "kept back by the kernel"));
    }
    return std::move(text_);
  }

 private:
  void add_step(const phenomena::Step& step) {
    const bool is_left = step.who == Who::kLeft;
    const std::string time =
        fmt::format("{:>11.3f}", std::chrono::duration<double, std::milli>(step.at).count());
    bool is_first = true;
    for (const std::string& line : in_lane(step.what)) {
      add_row(is_first ? style_.paint(Colour::kDim, time) : std::string(kTimeColumns - 2, ' '),
              is_left ? line : "", is_first ? arrow(step) : "", is_left ? "" : line);
      is_first = false;
    }
  }

  [[nodiscard]] std::string arrow(const phenomena::Step& step) const {
    const bool is_left = step.who == Who::kLeft;
    switch (step.passage) {
      case Passage::kNone:
        break;
      case Passage::kSent:
        return style_.paint(Colour::kGreen, is_left ? "────▶" : "◀────");
      case Passage::kHeld:
        return style_.paint(Colour::kYellow, is_left ? "──┤" : "  ├──");
      case Passage::kLost:
        return style_.paint(Colour::kRed, is_left ? "───×" : " ×───");
    }
    return "";
  }

  void add_stall(std::chrono::nanoseconds time) {
    add_row(style_.paint(Colour::kRed, fmt::format("{:>11}", "⋮")),
            style_.paint(Colour::kRed, "nothing for " + phenomena::duration_text(time)), "", "");
  }

  [[nodiscard]] std::vector<std::string> in_lane(const std::string& what) const {
    std::vector<std::string> lines;
    const std::string broken = wrapped(what, Style::coloured(lane_), 2);
    std::string_view rest = broken;
    while (!rest.empty()) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      lines.emplace_back(rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return lines;
  }

  void add_row(std::string_view time, std::string_view left, std::string_view arrow,
               std::string_view right) {
    std::string row = fmt::format("{}  {}", time, padded(left, lane_));
    row += fmt::format(" {} {}", padded(arrow, kArrowColumns - 2), right);
    row.erase(row.find_last_not_of(' ') + 1);
    text_ += row + '\n';
  }

  static std::string padded(std::string_view text, std::size_t columns) {
    const std::size_t there = columns_of(text);
    return std::string(text) + std::string(columns > there ? columns - there : 0, ' ');
  }

  const Style& style_;
  std::size_t columns_;
  std::size_t lane_;
  std::string text_;
};

}  // namespace

std::string scene_text(const phenomena::Scene& scene, const Style& style, std::size_t columns) {
  return SceneText(style, columns).draw(scene);
}

}  // namespace framespec::conformance
