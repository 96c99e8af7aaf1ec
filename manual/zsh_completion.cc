#include <fmt/format.h>

#include <map>

#include "script_names.h"
#include "text_files.h"

namespace framespec::manual {
namespace {

// Inside a specification of _arguments.
std::string spec_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == ':' || c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string quoted_words(const std::vector<std::string>& words) {
  std::string list;
  for (const std::string& word : words) list += " " + single_quoted(word);
  return list;
}

// Values that are words and files alike need a function.
class ValueFunctions {
 public:
  explicit ValueFunctions(std::string prefix) : prefix_(std::move(prefix)) {}

  // What completes them, for _arguments.
  std::string action(const Values& values) {
    if (values.words.empty() && values.files) return "_files";
    if (values.words.empty()) return values.folders ? "_files -/" : " ";
    std::vector<std::string> plain;
    std::vector<std::string> open;  // a value goes on behind its colon
    for (const std::string& word : values.words)
      (word.ends_with(':') ? open : plain).push_back(word);
    std::string body = "  compadd --" + quoted_words(plain) + "\n";
    if (!open.empty()) body += "  compadd -S '' --" + quoted_words(open) + "\n";
    if (values.files) body += "  _files\n";
    const auto [found, is_new] = names_.emplace(body, fmt::format("{}_{}", prefix_, names_.size()));
    if (is_new) text_ += fmt::format("{}() {{\n{}}}\n\n", found->second, body);
    return found->second;
  }

  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string prefix_;
  std::map<std::string, std::string> names_;  // of a function by its body
  std::string text_;
};

// Each on a line of its own.
std::string option_specs(const std::vector<Option>& options, ValueFunctions& functions) {
  std::string specs;
  for (const Option& option : options) {
    const bool ends = option.names.back() == "--help" || option.names.back() == "--version";
    std::string apart = ends ? "- *" : fmt::format("{}", fmt::join(option.names, " "));
    for (const std::string& other : option.excludes) {
      if (other.starts_with('-')) apart += " " + other;
    }
    for (const std::string& name : option.names) {
      std::string spec = option.is_repeated ? "*" : "(" + apart + ")";
      spec += name;
      if (!option.value.empty()) spec += name.starts_with("--") ? "=" : "+";
      spec += "[" + spec_text(short_text(option.text)) + "]";
      if (!option.value.empty()) {
        spec += ":" + spec_text(option.value) + ":" + functions.action(option.values);
      }
      specs += " \\\n    " + single_quoted(spec);
    }
  }
  return specs;
}

std::string positional_specs(const std::vector<Option>& positionals, ValueFunctions& functions) {
  std::string specs;
  for (std::size_t at = 0; at < positionals.size(); ++at) {
    const Option& positional = positionals[at];
    const std::string place = positional.is_repeated ? "*" : std::to_string(at + 1);
    specs += " \\\n    " + single_quoted(fmt::format("{}:{}:{}", place, spec_text(positional.value),
                                                     functions.action(positional.values)));
  }
  return specs;
}

std::string described_commands(const Program& program) {
  std::string list;
  for (const Command& command : program.commands) {
    list += "\n      " +
            single_quoted(spec_text(command.name) + ":" + spec_text(short_text(command.text)));
  }
  return list;
}

}  // namespace

std::string zsh_completion(const Program& program) {
  const std::string function = function_name(program);
  ValueFunctions functions(function);
  const std::size_t before = program.positionals.size();
  std::string body = function + "() {\n  local curcontext=$curcontext state line\n";
  body += "  typeset -A opt_args\n  _arguments -C";
  body += option_specs(program.options, functions);
  body += positional_specs(program.positionals, functions);
  if (program.commands.empty()) {
    return fmt::format("#compdef {}\n# Made from its command line.\n\n{}{}\n}}\n\n{} \"$@\"\n",
                       program.name, functions.text(), body, function);
  }
  body += fmt::format(" \\\n    '{}: :->command' \\\n    '*:: :->rest' && return 0\n", before + 1);
  body += "  case $state in\n  command)\n    local -a commands=(" + described_commands(program);
  body += "\n    )\n    _describe command commands ;;\n  rest)\n";
  // What stands before the command is not the command's.
  if (before > 0) body += fmt::format("    shift {0} words\n    ((CURRENT -= {0}))\n", before);
  body += "    case $words[1] in\n";
  for (const Command& command : program.commands) {
    body += fmt::format("    {}) _arguments{}{} ;;\n", command.name,
                        option_specs(options_behind(program, command), functions),
                        positional_specs(command.positionals, functions));
  }
  body += "    esac ;;\n  esac\n}\n";
  return fmt::format("#compdef {}\n# Made from its command line.\n\n{}{}\n{} \"$@\"\n",
                     program.name, functions.text(), body, function);
}

}  // namespace framespec::manual
