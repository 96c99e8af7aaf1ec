#include "launch/output_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "framespec/printable.h"
#include "framespec/shortened.h"

namespace framespec::conformance {
namespace {

// shortened() looks for the end of a character at the border.
constexpr std::size_t kLineKept = OutputLines::kLineSizeMax + 4;

}  // namespace

void OutputLines::add(std::string_view piece) {
  while (!piece.empty()) {
    const std::size_t size = std::min(piece.find('\n'), piece.size());
    line_ += piece.substr(0, std::min(size, kLineKept - line_.size()));
    if (size == piece.size()) return;
    end_line();
    piece.remove_prefix(size + 1);
  }
}

void OutputLines::clear() { *this = OutputLines(); }

void OutputLines::end_line() { add_line(std::exchange(line_, {})); }

void OutputLines::add_line(std::string text) {
  if (text.ends_with('\r')) text.pop_back();
  if (text.empty()) return;
  if (const auto same = std::ranges::find(first_, text, &Line::text); same != first_.end()) {
    ++same->times;
    return;
  }
  if (first_.size() < kFirstLines) {
    first_.push_back({.text = std::move(text)});
    return;
  }
  if (const auto same = std::ranges::find(last_, text, &Line::text); same != last_.end()) {
    ++same->times;
    std::rotate(same, same + 1, last_.end());
    return;
  }
  if (last_.size() == kLastLines) {
    left_out_ += last_.front().times;
    last_.erase(last_.begin());
  }
  last_.push_back({.text = std::move(text)});
}

std::string OutputLines::text() const {
  OutputLines ended = *this;
  ended.end_line();
  std::string text;
  const auto show = [&text](const Line& line) {
    text += printable(shortened(line.text, kLineSizeMax), Layout::kLines);
    if (line.times > 1) text += fmt::format("  ({} times)", line.times);
    text += '\n';
  };
  std::ranges::for_each(ended.first_, show);
  if (ended.left_out_ > 0) {
    text +=
        fmt::format("... {} more line{} ...\n", ended.left_out_, ended.left_out_ == 1 ? "" : "s");
  }
  std::ranges::for_each(ended.last_, show);
  if (!text.empty()) text.pop_back();
  return text;
}

}  // namespace framespec::conformance
