// How the scripts of all shells name and quote things.
#pragma once

#include <string>
#include <vector>

#include "description.h"

namespace framespec::manual {

/// In single quotes of a POSIX shell.
std::string single_quoted(const std::string& text);

/// "_framespec_server"
std::string function_name(const Program& program);

std::vector<std::string> command_names(const Program& program);

/// All names of all of them.
std::vector<std::string> names_of(const std::vector<Option>& options);

/// Those of the command, and of the program where they may stand behind it.
std::vector<Option> options_behind(const Program& program, const Command& command);

/// The first sentence, or what is before a semicolon: shells have one line for it.
std::string short_text(const std::string& text);

}  // namespace framespec::manual
