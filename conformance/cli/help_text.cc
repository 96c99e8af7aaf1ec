#include "cli/help_text.h"

#include <unistd.h>

#include <algorithm>
#include <sstream>
#include <string_view>

#include "report/terminal.h"

namespace framespec::conformance {
namespace {

constexpr std::size_t kTextColumn = 30;
constexpr std::size_t kColumnsElsewhere = 80;
constexpr std::size_t kColumnsMax = 100;

Style as_wide_as_standard_output() {
  const std::size_t columns = Style::of(STDOUT_FILENO).columns();
  return Style::coloured(columns == 0 ? kColumnsElsewhere : std::min(columns, kColumnsMax));
}

std::string on_one_line(const std::string& text) {
  std::istringstream words(text);
  std::string line;
  for (std::string word; words >> word;) line += (line.empty() ? "" : " ") + word;
  return line;
}

std::string in_two_columns(const std::string& names, const std::string& text) {
  const Style style = as_wide_as_standard_output();
  const std::string head = "  " + names;
  // Where a terminal is narrow the sentences stand below.
  const std::size_t indent = style.columns() >= 2 * kTextColumn ? kTextColumn : 6;
  const std::string sentences =
      wrapped(std::string(indent, ' ') + on_one_line(text), style, 0) + "\n";
  if (head.size() + 1 < indent) return head + sentences.substr(head.size());
  return wrapped(head, style, 4) + "\n" + (on_one_line(text).empty() ? "" : sentences);
}

// Of a paragraph the lines are broken anew.
std::string paragraphs(const std::string& text) {
  std::string joined;
  std::istringstream lines(text);
  bool goes_on = false;
  for (std::string line; std::getline(lines, line);) {
    const bool is_words = !line.empty() && !line.starts_with(' ');
    if (!joined.empty()) joined += goes_on && is_words ? ' ' : '\n';
    joined += line;
    goes_on = is_words && !line.ends_with(':');
  }
  const Style style = as_wide_as_standard_output();
  std::istringstream whole(joined);
  std::string out;
  for (std::string line; std::getline(whole, line);) {
    out += (line.starts_with(' ') ? line : wrapped(line, style, 0)) + "\n";
  }
  return out;
}

}  // namespace

std::string HelpText::make_option(const CLI::Option* option, bool is_positional) const {
  return in_two_columns(make_option_name(option, is_positional) + make_option_opts(option),
                        make_option_desc(option));
}

std::string HelpText::make_subcommand(const CLI::App* command) const {
  return in_two_columns(command->get_name(), command->get_description());
}

std::string HelpText::make_description(const CLI::App* app) const {
  return paragraphs(app->get_description());
}

std::string HelpText::make_footer(const CLI::App* app) const {
  return paragraphs(app->get_footer());
}

}  // namespace framespec::conformance
