// What a program's command line is, as data: what its man page and completions are made of.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <string>
#include <vector>

namespace framespec::manual {

/// What a shell offers where a value is wanted.
struct Values {
  std::vector<std::string> words;
  bool files = false;  ///< also files (and the folders that they lie in)
  bool folders = false;
};

/// The values of options and positionals by name, such as "--dialect" or "file", where more is
/// known of them than their description says.
using KnownValues = std::map<std::string, Values>;

struct Option {
  std::vector<std::string> names;  ///< with their dashes; one without of a positional
  std::string value;               ///< what it is, such as "HOST:PORT"; empty: it takes none
  std::string text;
  std::string standard;  ///< the default; empty: none is shown
  bool is_required = false;
  bool is_repeated = false;  ///< a positional may have several values
  Values values{};
  std::vector<std::string> needs;     ///< names of the options without which it is wrong
  std::vector<std::string> excludes;  ///< and of those with which it is
};

struct Command {
  std::string name;
  std::string text;
  std::string footer;
  std::vector<Option> positionals;
  std::vector<Option> options;
  std::string told_in{};  ///< the page that tells of its options, if that is another one
};

/// The options of the program itself may stand behind a command too where `is_fallthrough`.
struct Program : Command {
  std::string version;
  std::vector<Command> commands;
  bool is_fallthrough = false;
};

/// Throws std::invalid_argument if `known` names what `app` does not have.
Program describe(CLI::App& app, const KnownValues& known);

}  // namespace framespec::manual
