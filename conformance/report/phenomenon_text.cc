#include "report/phenomenon_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "phenomena/duration_text.h"
#include "report/labelled_line.h"
#include "report/scene_text.h"

namespace framespec::conformance {
namespace {

using phenomena::Played;
using phenomena::Way;

constexpr std::size_t kPictureInFile = 80;
constexpr std::size_t kPictureMin = 40;
constexpr std::string_view kRowIndent = "    ";

std::size_t picture_columns(const Style& style) {
  return style.columns() == 0 ? kPictureInFile : std::max(style.columns(), kPictureMin);
}

std::string range_of(const Way& way) {
  if (way.took.size() < 2) return "";
  const auto [least, most] = std::ranges::minmax(way.took);
  return fmt::format("{} to {}", phenomena::milliseconds_text(least),
                     phenomena::milliseconds_text(most));
}

/// In eighths of a column, so that something is seen of what is small.
std::string bar(std::chrono::nanoseconds time, std::chrono::nanoseconds longest,
                std::size_t columns) {
  if (longest.count() <= 0) return "";
  const double share = static_cast<double>(time.count()) / static_cast<double>(longest.count());
  const auto whole = static_cast<std::size_t>(share * static_cast<double>(columns));
  std::string blocks;
  for (std::size_t column = 0; column < whole; ++column) blocks += "█";
  return whole == 0 ? "▏" : blocks;
}

class WaysTable {
 public:
  WaysTable(const Played& played, const Style& style, std::size_t columns)
      : played_(played), style_(style), columns_(columns) {
    for (const Way& way : played.ways) {
      name_ = std::max(name_, columns_of(way.name));
      range_ = std::max(range_, columns_of(range_of(way)));
      outcome_ = std::max(outcome_, columns_of(way.outcome));
      longest_ = std::max(longest_, way.median());
    }
  }

  [[nodiscard]] std::string text() const {
    std::string text = wrapped(heading(), Style::coloured(columns_), 2);
    for (const Way& way : played_.ways) {
      text += wrapped(row(way), Style::coloured(columns_), name_ + 2) + '\n';
    }
    return text;
  }

 private:
  static constexpr std::size_t kMedian = 6;

  [[nodiscard]] bool is_timed() const { return longest_.count() > 0; }

  [[nodiscard]] std::string heading() const {
    if (!is_timed()) return fmt::format("  {}\n", style_.paint(Colour::kBold, "what came of it"));
    const std::size_t runs = played_.ways.front().took.size();
    return fmt::format("  {}, ms{}\n", style_.paint(Colour::kBold, played_.measured),
                       runs < 2 ? " (one run)" : fmt::format(" (median, range of {} runs)", runs));
  }

  [[nodiscard]] std::string row(const Way& way) const {
    if (!is_timed()) return fmt::format("{}{:<{}}  {}", kRowIndent, way.name, name_, way.outcome);
    std::string row = fmt::format("{}{:<{}}  {:>{}}", kRowIndent, way.name, name_,
                                  phenomena::milliseconds_text(way.median()), kMedian);
    if (range_ > 0) row += fmt::format("  {:<{}}", range_of(way), range_);
    row += fmt::format("  {:<{}}", way.outcome, outcome_);
    constexpr std::size_t kBarMin = 8;
    const std::size_t taken = columns_of(row) + 2;
    if (taken + kBarMin <= columns_) {
      const bool is_long = phenomena::is_much_slower(way, quickest());
      row += "  " + style_.paint(is_long ? Colour::kRed : Colour::kGreen,
                                 bar(way.median(), longest_, columns_ - taken));
    }
    row.erase(row.find_last_not_of(' ') + 1);
    return row;
  }

  [[nodiscard]] const Way& quickest() const {
    return *std::ranges::min_element(played_.ways, {}, &Way::median);
  }

  const Played& played_;
  const Style& style_;
  std::size_t columns_;
  std::size_t name_ = 0;
  std::size_t range_ = 0;
  std::size_t outcome_ = 0;
  std::chrono::nanoseconds longest_{0};
};

}  // namespace

std::string phenomenon_text(const phenomena::Phenomenon& phenomenon, const Played& played,
                            const Style& style) {
  const std::size_t columns = picture_columns(style);
  std::string text = wrapped(
      fmt::format("{}  {}\n\n", style.paint(Colour::kBold, phenomenon.name), phenomenon.statement),
      style, 2);
  for (const phenomena::Scene& scene : played.scenes) {
    text += scene_text(scene, style, columns) + '\n';
  }
  text += WaysTable(played, style, columns).text() + '\n';
  add_words(text, style, played.is_shown ? "shown" : "not shown", played.seen);
  for (const std::string& advice : phenomenon.advice) {
    add_words(text, style, &advice == &phenomenon.advice.front() ? "do" : "", advice);
  }
  return text;
}

std::string phenomena_text(std::span<const phenomena::Phenomenon> phenomena, const Style& style) {
  std::size_t name = 0;
  for (const phenomena::Phenomenon& each : phenomena) name = std::max(name, each.name.size());
  std::string text;
  for (const phenomena::Phenomenon& each : phenomena) {
    const std::string padded = fmt::format("{:<{}}", each.name, name);
    text += wrapped(fmt::format("  {}  {}\n", style.paint(Colour::kBold, padded), each.statement),
                    style, name + 2);
  }
  return text;
}

}  // namespace framespec::conformance
