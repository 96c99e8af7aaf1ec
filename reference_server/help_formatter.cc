#include "help_formatter.h"

#include <fmt/format.h>

#include <sstream>

namespace framespec::server {
namespace {

constexpr std::size_t kTextColumn = 36;
constexpr std::size_t kWidth = 80;

std::string names_of(const CLI::Option* option) {
  std::string names = option->get_name(false, true);
  // CLI11 writes the value of a negated flag behind its name.
  if (const std::size_t brace = names.find("{false}"); brace != std::string::npos) {
    names.erase(brace, 7);
  }
  if (option->get_type_size_max() == 0) return names;
  // Behind a colon it writes what is allowed, which the descriptions say better.
  const std::string type = option->get_type_name();
  return names + " " + type.substr(0, type.find(':'));
}

}  // namespace

std::string HelpFormatter::make_option(const CLI::Option* option, bool) const {
  std::string text = option->get_description();
  if (option->get_required()) text += ". Required";
  if (!option->get_default_str().empty()) text += fmt::format(" ({})", option->get_default_str());

  std::string help = fmt::format("  {:<{}}", names_of(option), kTextColumn - 2);
  const std::string next_line = "\n" + std::string(kTextColumn, ' ');
  std::size_t column = kTextColumn;
  if (help.size() > kTextColumn) help += next_line;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const bool first = column == kTextColumn;
    if (!first && column + 1 + word.size() > kWidth) {
      help += next_line + word;
      column = kTextColumn + word.size();
    } else {
      help += (first ? "" : " ") + word;
      column += word.size() + (first ? 0 : 1);
    }
  }
  return help + '\n';
}

}  // namespace framespec::server
