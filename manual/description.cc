#include "description.h"

#include <algorithm>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace framespec::manual {
namespace {

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream{std::string(text)};
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

// Descriptions are broken into lines for the width of --help.
std::string joined_lines(const std::string& text) {
  std::istringstream words(text);
  std::string joined;
  for (std::string word; words >> word;) joined += (joined.empty() ? "" : " ") + word;
  return joined;
}

// Of CLI11's "LEVEL:{must,should}" what the set says.
std::optional<std::vector<std::string>> members(const std::string& type) {
  const std::size_t begin = type.find(":{");
  if (begin == std::string::npos || !type.ends_with('}')) return std::nullopt;
  return split(std::string_view(type).substr(begin + 2, type.size() - begin - 3), ',');
}

// "framed|raw": an alternative in capitals stands for something, others for themselves.
bool is_of_words(const std::string& value) {
  return value.find('|') != std::string::npos &&
         std::ranges::all_of(value, [](char c) { return (c >= 'a' && c <= 'z') || c == '|'; });
}

// CLI11 puts what its checks say behind a colon: a set, or the type of a range.
std::string value_name(const std::string& type) {
  if (const std::size_t set = type.find(":{"); set != std::string::npos) return type.substr(0, set);
  const std::size_t range = type.find(" in [");
  return range == std::string::npos ? type : type.substr(0, type.rfind(':', range));
}

Values values_of(const std::string& type, const std::string& value) {
  if (auto words = members(type)) return {.words = *std::move(words)};
  if (is_of_words(value)) return {.words = split(value, '|')};
  const std::vector<std::string> kinds = split(value, '|');
  const auto is_one = [&](const char* kind) { return std::ranges::count(kinds, kind) > 0; };
  return {.words = {}, .files = is_one("FILE") || is_one("PATH"), .folders = is_one("DIR")};
}

std::string long_name(const CLI::Option& option) {
  if (!option.nonpositional()) return option.get_name(true);
  return option.get_lnames().empty() ? "-" + option.get_snames().front()
                                     : "--" + option.get_lnames().front();
}

std::vector<std::string> long_names(const std::set<CLI::Option*>& options) {
  std::vector<std::string> names;
  names.reserve(options.size());
  for (const CLI::Option* option : options) names.push_back(long_name(*option));
  std::ranges::sort(names);  // CLI11 orders them by where they lie in memory
  return names;
}

class Describer {
 public:
  explicit Describer(const KnownValues& known) : known_(known) {}

  void describe_command(const CLI::App& app, Command& command) {
    command.name = app.get_name();
    command.text = app.get_description();
    command.footer = app.get_footer();
    for (const CLI::Option* option : app.get_options()) {
      (option->nonpositional() ? command.options : command.positionals)
          .push_back(described(*option));
    }
  }

  void check_all_used() const {
    for (const auto& [name, values] : known_) {
      if (!used_.contains(name)) throw std::invalid_argument("no option is called " + name);
    }
  }

 private:
  Option described(const CLI::Option& option) {
    Option described{.names = {},
                     .value = {},
                     .text = joined_lines(option.get_description()),
                     .standard = option.get_default_str(),
                     .is_required = option.get_required(),
                     .is_repeated = option.get_items_expected_max() > 1,
                     .values = {},
                     .needs = long_names(option.get_needs()),
                     .excludes = long_names(option.get_excludes())};
    for (const std::string& name : option.get_snames()) described.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) described.names.push_back("--" + name);
    if (described.names.empty()) described.names.push_back(option.get_name(true));
    if (option.get_type_size_max() == 0) return described;
    const std::string type = option.get_type_name();
    described.value = value_name(type);
    if (const auto found = known_.find(long_name(option)); found != known_.end()) {
      used_.insert(found->first);
      described.values = found->second;
    } else {
      described.values = values_of(type, described.value);
    }
    return described;
  }

  const KnownValues& known_;
  std::set<std::string> used_;
};

}  // namespace

Program describe(CLI::App& app, const KnownValues& known) {
  Describer describer(known);
  Program program;
  describer.describe_command(app, program);
  const std::string version = app.version();  // behind the program's name
  program.version = version.substr(version.rfind(' ') + 1);
  for (const CLI::App* sub : app.get_subcommands([](CLI::App*) { return true; })) {
    describer.describe_command(*sub, program.commands.emplace_back());
    program.is_fallthrough = sub->get_fallthrough();
  }
  describer.check_all_used();
  return program;
}

}  // namespace framespec::manual
