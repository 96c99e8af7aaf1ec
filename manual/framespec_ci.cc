// framespec-ci is a script: its page is made of its own --help, and what stands behind run and
// invariance is framespec's.
#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "described_program.h"
#include "runner_description.h"

namespace framespec::manual {
namespace {

constexpr std::string_view kSummary =
    "runs framespec with all its reports in one folder, for CI servers";
constexpr std::size_t kTextColumn = 21;  // of its options

// What it writes itself.
bool is_taken(const Option& option) {
  const auto is_one_of = {"--events", "--json", "--junit", "--sarif", "--html", "--pcap"};
  return std::ranges::find(is_one_of, option.names.back()) != is_one_of.end();
}

// "  --reports DIR      the folder"
Option option_of(const std::string& line) {
  const std::string head = line.substr(2, kTextColumn - 2);
  const std::size_t space = head.find(' ');
  Option option;
  option.names = {head.substr(0, space)};
  option.value = head.substr(space + 1, head.find(' ', space + 1) - space - 1);
  option.text = line.substr(kTextColumn);
  option.values = {.words = {}, .files = option.value != "DIR", .folders = option.value == "DIR"};
  return option;
}

// Its --help, but for the usage.
void read_help(Program& program) {
  std::ifstream script(FRAMESPEC_CI_SCRIPT);
  std::string line;
  while (std::getline(script, line) && !line.starts_with("usage: ")) {
  }
  bool is_option = false;
  while (std::getline(script, line) && line != "TEXT") {
    if (line.starts_with("  --")) {
      program.options.push_back(option_of(line));
    } else if (is_option && line.starts_with("   ")) {
      program.options.back().text += " " + line.substr(line.find_first_not_of(' '));
    } else {
      program.text += line + "\n";
    }
    is_option = line.starts_with("  --") || (is_option && line.starts_with("   "));
  }
  if (program.options.size() < 2) throw std::runtime_error("framespec-ci has no --help to be read");
}

}  // namespace

Program described_program() {
  const Program runner = runner_description();
  Program program;
  program.name = "framespec-ci";
  program.version = runner.version;
  program.text = program.name + ": " + std::string(kSummary) + "\n";
  program.options.push_back(runner.options.front());  // --help
  read_help(program);
  for (const Command& command : runner.commands) {
    if (command.name != "run" && command.name != "invariance") continue;
    Command& ours = program.commands.emplace_back(command);
    std::erase_if(ours.options, is_taken);
    ours.told_in = runner.name;
  }
  return program;
}

}  // namespace framespec::manual
