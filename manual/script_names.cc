#include "script_names.h"

#include <algorithm>

namespace framespec::manual {

std::string single_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string function_name(const Program& program) {
  std::string name = "_" + program.name;
  std::ranges::replace(name, '-', '_');
  return name;
}

std::vector<std::string> command_names(const Program& program) {
  std::vector<std::string> names;
  names.reserve(program.commands.size());
  for (const Command& command : program.commands) names.push_back(command.name);
  return names;
}

std::vector<std::string> names_of(const std::vector<Option>& options) {
  std::vector<std::string> names;
  for (const Option& option : options) {
    names.insert(names.end(), option.names.begin(), option.names.end());
  }
  return names;
}

std::vector<Option> options_behind(const Program& program, const Command& command) {
  std::vector<Option> options = command.options;
  if (!program.is_fallthrough) return options;
  const std::vector<std::string> own = names_of(command.options);
  for (const Option& option : program.options) {
    if (std::ranges::count(own, option.names.back()) == 0) options.push_back(option);
  }
  return options;
}

std::string short_text(const std::string& text) {
  std::string line;
  for (const char c : text) line += c == '\n' ? ' ' : c;
  return line.substr(0, std::min(line.find(". "), line.find("; ")));
}

}  // namespace framespec::manual
