#include "report/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace framespec::conformance {

Style Style::of(int fd) {
  // NOLINTBEGIN(concurrency-mt-unsafe): the environment is never changed
  const char* const no_colour = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  // NOLINTEND(concurrency-mt-unsafe)
  const bool is_refused = no_colour != nullptr && *no_colour != '\0';
  const bool is_dumb = terminal == nullptr || std::string_view(terminal) == "dumb";
  return Style(isatty(fd) == 1 && !is_refused && !is_dumb);
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

std::size_t terminal_width(int fd) {
  winsize size{};
  if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace framespec::conformance
