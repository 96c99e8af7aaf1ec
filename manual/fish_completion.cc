#include <fmt/format.h>

#include "script_names.h"
#include "text_files.h"

namespace framespec::manual {
namespace {

// fish knows two escapes inside single quotes.
std::string fish_quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

// The words of -a are read once more, as fish reads a command.
std::string offer_arguments(const Values& values) {
  std::string words;
  for (const std::string& word : values.words) {
    const bool is_plain = word.find('*') == std::string::npos;
    words += (words.empty() ? "" : " ") + (is_plain ? word : fish_quoted(word));
  }
  if (values.folders && !values.files) words += "(__fish_complete_directories)";
  const std::string files = values.files ? " -F" : " -f";
  return words.empty() ? files : files + " -a " + fish_quoted(words);
}

std::string option_line(const std::string& begin, const Option& option) {
  std::string line = begin;
  for (const std::string& name : option.names) {
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  }
  if (!option.value.empty()) line += " -r" + offer_arguments(option.values);
  return line + " -d " + fish_quoted(short_text(option.text)) + "\n";
}

}  // namespace

std::string fish_completion(const Program& program) {
  const std::string names = fmt::format("{}", fmt::join(command_names(program), " "));
  const std::string complete = "complete -c " + program.name;
  std::string script =
      fmt::format("# fish completion of {}, made from its command line.\n", program.name);
  script += complete + " -f\n";  // no files but where they are wanted
  std::string before;
  if (!program.commands.empty()) {
    before = " -n " + fish_quoted("not __fish_seen_subcommand_from " + names);
  }
  for (const Option& option : program.options) {
    script += option_line(complete + (program.is_fallthrough ? "" : before), option);
  }
  for (const Option& positional : program.positionals) {
    script += complete + before + offer_arguments(positional.values) + "\n";
  }
  for (const Command& command : program.commands) {
    script += fmt::format("{}{} -a {} -d {}\n", complete, before, command.name,
                          fish_quoted(short_text(command.text)));
  }
  for (const Command& command : program.commands) {
    const std::string behind =
        complete + " -n " + fish_quoted("__fish_seen_subcommand_from " + command.name);
    for (const Option& option : command.options) script += option_line(behind, option);
    for (const Option& positional : command.positionals) {
      script += behind + offer_arguments(positional.values) + "\n";
    }
  }
  return script;
}

}  // namespace framespec::manual
