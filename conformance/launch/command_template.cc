#include "launch/command_template.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <utility>

namespace framespec::conformance {
namespace {

std::array<std::pair<std::string_view, std::string>, 4> named_values(const LaunchValues& values) {
  return {{{"port", fmt::format("{}", values.port)},
           {"host", values.host},
           {"dialect", values.dialect},
           {"max_payload", fmt::format("{}", values.max_payload)}}};
}

std::string variable_name(std::string_view name) {
  std::string variable = "FRAMESPEC_";
  for (const char letter : name) {
    variable += static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  }
  return variable;
}

}  // namespace

std::string fill_command(std::string_view command, const LaunchValues& values) {
  const auto known = named_values(values);
  std::string filled;
  while (!command.empty()) {
    const auto* const match = std::ranges::find_if(known, [&](const auto& value) {
      return command.starts_with(fmt::format("{{{}}}", value.first));
    });
    if (match == known.end()) {
      filled += command.front();
      command.remove_prefix(1);
    } else {
      filled += shell_word(match->second);
      command.remove_prefix(match->first.size() + 2);
    }
  }
  return filled;
}

LaunchedProcess::Environment launch_environment(const LaunchValues& values) {
  LaunchedProcess::Environment environment;
  for (const auto& [name, value] : named_values(values)) {
    environment.emplace_back(variable_name(name), value);
  }
  return environment;
}

bool command_uses(std::string_view command, std::string_view name) {
  return command.find(fmt::format("{{{}}}", name)) != std::string_view::npos ||
         command.find(variable_name(name)) != std::string_view::npos;
}

std::string_view hint_at_port(std::string_view command) {
  return command_uses(command, "port")
             ? ""
             : "; its command has neither {port} nor $FRAMESPEC_PORT: does it know where?";
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view kPlain = "_-./:=@%+,";
  const bool is_plain = !text.empty() && std::ranges::all_of(text, [&](char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
           kPlain.find(letter) != std::string_view::npos;
  });
  if (is_plain) return std::string(text);
  std::string quoted = "'";
  for (const char letter : text) {
    if (letter == '\'') {
      quoted += "'\\''";
    } else {
      quoted += letter;
    }
  }
  return quoted + "'";
}

}  // namespace framespec::conformance
