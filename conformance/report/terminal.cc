#include "report/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace framespec::conformance {

Style Style::of(int fd) {
  // NOLINTBEGIN(concurrency-mt-unsafe): the environment is never changed
  const char* const no_colour = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  // NOLINTEND(concurrency-mt-unsafe)
  const bool is_refused = no_colour != nullptr && *no_colour != '\0';
  const bool is_dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
  const bool is_terminal = isatty(fd) == 1;
  return {is_terminal && !is_refused && !is_dumb, is_terminal ? terminal_width(fd) : 0};
}

std::string Style::paint(Colour colour, std::string_view text) const {
  if (!has_colours_) return std::string(text);
  const auto code = [colour] {
    switch (colour) {
      case Colour::kRed:
        return "31";
      case Colour::kGreen:
        return "32";
      case Colour::kYellow:
        return "33";
      case Colour::kMagenta:
        return "35";
      case Colour::kCyan:
        return "36";
      case Colour::kBold:
        return "1";
      case Colour::kDim:
        return "2";
    }
    return "0";
  };
  return fmt::format("\x1b[{}m{}\x1b[0m", code(), text);
}

namespace {

void wrap_line(std::string& out, std::string_view line, std::size_t columns, std::size_t hanging) {
  const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
  out += line.substr(0, indent);
  line.remove_prefix(indent);
  // Where hardly any room would be left, what follows begins earlier.
  const std::size_t below = std::min(indent + hanging, columns / 2);
  std::size_t at = indent;
  while (!line.empty()) {
    const std::size_t end = std::min(line.find(' ', line.find_first_not_of(' ')), line.size());
    std::string_view word = line.substr(0, end);
    line.remove_prefix(end);
    if (at + columns_of(word) > columns && at > below) {
      at = below;
      out += '\n' + std::string(at, ' ');
      word.remove_prefix(std::min(word.find_first_not_of(' '), word.size()));
    }
    out += word;
    at += columns_of(word);
  }
}

}  // namespace

std::size_t columns_of(std::string_view text) noexcept {
  std::size_t columns = 0;
  while (!text.empty()) {
    if (text.front() == '\x1b') {
      text.remove_prefix(std::min(text.find('m'), text.size() - 1) + 1);
      continue;
    }
    if ((static_cast<unsigned char>(text.front()) & 0xc0U) != 0x80) ++columns;
    text.remove_prefix(1);
  }
  return columns;
}

std::string wrapped(std::string_view text, const Style& style, std::size_t hanging) {
  if (style.columns() == 0) return std::string(text);
  std::string out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    wrap_line(out, text.substr(0, end), style.columns(), hanging);
    text.remove_prefix(end);
    if (!text.empty()) {
      out += '\n';
      text.remove_prefix(1);
    }
  }
  return out;
}

std::size_t terminal_width(int fd) {
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace framespec::conformance
