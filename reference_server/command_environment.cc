#include "command_environment.h"

#include <unistd.h>

#include <algorithm>
#include <string_view>

namespace framespec::server {

std::vector<std::string> command_environment() {
  std::vector<std::string> environment{"LANG=C.UTF-8"};
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view variable(*entry);
    if (variable.starts_with("PATH=") || variable.starts_with("HOME=")) {
      environment.emplace_back(variable);
    }
  }
  const bool has_path = std::ranges::any_of(
      environment, [](const std::string& variable) { return variable.starts_with("PATH="); });
  if (!has_path) environment.emplace_back("PATH=/bin:/usr/bin");  // as execvp() has it then
  return environment;
}

}  // namespace framespec::server
