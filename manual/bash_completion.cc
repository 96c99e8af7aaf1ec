#include <fmt/format.h>

#include "script_names.h"
#include "text_files.h"

namespace framespec::manual {
namespace {

// What is completed is put on the line as it is: so that the shell leaves it alone.
std::string as_typed(const std::string& word) {
  std::string typed;
  for (const char c : word) typed += c == '*' ? std::string("\\*") : std::string(1, c);
  return single_quoted(typed);
}

std::string array_of(const std::vector<std::string>& words) {
  std::string array = "(";
  for (const std::string& word : words) array += (array == "(" ? "" : " ") + as_typed(word);
  return array + ")";
}

std::string offer_code(const Values& values) {
  std::string code;
  if (!values.words.empty()) code += "words+=" + array_of(values.words) + "; ";
  if (values.files) code += "files=file; ";
  if (values.folders && !values.files) code += "files=directory; ";
  return code.empty() ? ": ; " : code;
}

// The arms of a case over "COMMAND OPTION", for the options that take a value.
std::string value_arms(const std::string& command, const std::vector<Option>& options) {
  std::string arms;
  for (const Option& option : options) {
    if (option.value.empty()) continue;
    std::string patterns;
    for (const std::string& name : option.names) {
      patterns +=
          (patterns.empty() ? "" : " | ") + single_quoted(fmt::format("{} {}", command, name));
    }
    arms += fmt::format("    {}) {};;\n", patterns, offer_code(option.values));
  }
  return arms;
}

// A pattern for "COMMAND OPTION" of all options that take a value.
std::string pattern_of_those_with_values(const Program& program) {
  std::string pattern;
  const auto add = [&](const std::string& command, const std::vector<Option>& options) {
    for (const Option& option : options) {
      if (option.value.empty()) continue;
      for (const std::string& name : option.names) {
        if (!pattern.empty()) pattern += " | ";
        pattern += single_quoted(fmt::format("{} {}", command, name));
      }
    }
  };
  add("", program.options);
  for (const Command& command : program.commands) {
    add(command.name, options_behind(program, command));
  }
  return pattern;
}

// Where no option waits for its value.
std::string plain_arm(const std::string& command, const std::vector<Option>& options,
                      const std::vector<Option>& positionals,
                      const std::vector<std::string>& commands) {
  std::string arm = fmt::format("    {})\n", single_quoted(command + " "));
  arm += fmt::format("      if [[ $current == -* ]]; then\n        words={}\n      else\n",
                     array_of(names_of(options)));
  if (!commands.empty()) arm += "        words=" + array_of(commands) + "\n";
  for (std::size_t at = 0; at < positionals.size(); ++at) {
    arm += fmt::format("        if ((position {} {})); then {}fi\n",
                       positionals[at].is_repeated ? ">=" : "==", at,
                       offer_code(positionals[at].values));
  }
  return arm + "        :\n      fi ;;\n";
}

constexpr const char* kBegin = R"({{
  local current=${{COMP_WORDS[COMP_CWORD]}} command='' option='' files='' position=0 index word
  local begin='' end=$COMP_CWORD
  local -a words=()
  # A colon is a word of its own: what stands before it is no more than the begin of this one.
  if [[ $current == : ]]; then
    begin=${{COMP_WORDS[COMP_CWORD - 1]}}: current='' end=$((COMP_CWORD - 1))
  elif ((COMP_CWORD > 2)) && [[ ${{COMP_WORDS[COMP_CWORD - 1]}} == : ]]; then
    begin=${{COMP_WORDS[COMP_CWORD - 2]}}: end=$((COMP_CWORD - 2))
  fi
  # What stands before: the command, and whether an option waits for its value. A = is a word.
  for ((index = 1; index < end; ++index)); do
    word=${{COMP_WORDS[index]}}
    if [[ $word == = ]]; then continue; fi
    if [[ $word == : ]]; then index=$((index + 1)); continue; fi
    if [[ -n $option ]]; then option=''; continue; fi
    case "$command $word" in
)";

constexpr const char* kEnd = R"(  esac
  COMPREPLY=()
  for word in "${{words[@]}}"; do
    if [[ $word == "$begin$current"* ]]; then COMPREPLY+=("${{word#"$begin"}}"); fi
  done
  if [[ -n $files ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -A "$files" -- "$current")
  fi
  if [[ ${{#COMPREPLY[@]}} -eq 1 && ${{COMPREPLY[0]}} == *: ]]; then compopt -o nospace 2>/dev/null; fi
}}
complete -F {0} {1}
)";

}  // namespace

std::string bash_completion(const Program& program) {
  const std::string function = function_name(program);
  std::string script =
      fmt::format("# bash completion of {}, made from its command line.\n", program.name);
  script += function + "() " + fmt::format(kBegin);
  script += "    " + pattern_of_those_with_values(program) + ") option=$word ;;\n";
  for (const Command& command : program.commands) {
    script += fmt::format("    ' {0}') command={0} position=0 ;;\n", command.name);
  }
  script += "    *' -'*) ;;\n    *) position=$((position + 1)) ;;\n    esac\n  done\n";
  script += "  if [[ $current == = ]]; then current=''; fi\n  case \"$command $option\" in\n";
  script += value_arms("", program.options);
  for (const Command& command : program.commands) {
    script += value_arms(command.name, options_behind(program, command));
  }
  script += plain_arm("", program.options, program.positionals, command_names(program));
  for (const Command& command : program.commands) {
    script += plain_arm(command.name, options_behind(program, command), command.positionals, {});
  }
  return script + fmt::format(kEnd, function, program.name);
}

}  // namespace framespec::manual
